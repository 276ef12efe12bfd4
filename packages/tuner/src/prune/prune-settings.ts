import type { BlockSize, PerLayer, PruneOptions } from '@grim/prune';

/** How what is kept is chosen: by the size of weights, by what layers compute of calibration inputs, or by training. */
export type PruneMethod = 'magnitude' | 'reconstruct' | TrainingMethod;

/** Methods that train. */
export type TrainingMethod = 'admm' | 'gradual' | 'reweighted';

/** Whether a method trains. */
export function isTraining(method: unknown): method is TrainingMethod {
  return method === 'admm' || method === 'gradual' || method === 'reweighted';
}

/** How far and how layers are pruned, as the options of `grim prune` give it. */
export interface PruneSettings {
  /** How the weights that stay are chosen. */
  readonly method: PruneMethod;
  /** Elements divided by elements kept, for all layers or by pattern. */
  readonly rate: PerLayer<number>;
  /** What `rate` is of: each weight, unless told, or all that are pruned together, for `reconstruct`. */
  readonly rateOf?: 'model' | 'weight';
  /** Blocks, for all layers or by pattern. */
  readonly block: PerLayer<BlockSize>;
  /** What is pruned in a block. */
  readonly split: 'columns' | 'rows' | 'both';
  /** Patterns of the only layers to prune; all when absent. */
  readonly layers?: readonly string[];
  /** Patterns of layers to leave dense. */
  readonly exclude?: readonly string[];
  /** Weights with fewer elements stay dense. */
  readonly minimumParameters?: number;
  /** Keep the diagonal of recurrent matrices, gate by gate. */
  readonly keepDiagonal?: boolean;
  /** Let inputs of a layer lose all their weights where these are the weakest; otherwise each keeps some where blocks allow it. */
  readonly cutInputs?: boolean;
}

/** Blocks that suit the kernels: rows of one block share their column list, and 64 of them fill several lane groups. */
export const defaultBlock: BlockSize = { rows: 64, columns: 128 };

/** The same for the pruner. */
export function prunerOptions(settings: PruneSettings): PruneOptions {
  const { rate, block, split, layers, exclude, minimumParameters, keepDiagonal, cutInputs } = settings;
  return {
    rate,
    block,
    split,
    ...(layers && { layers }),
    ...(exclude && { exclude }),
    ...(minimumParameters !== undefined && { minimumParameters }),
    ...(keepDiagonal !== undefined && { keepDiagonal }),
    ...(cutInputs === true && { keepEveryColumn: false }),
  };
}
