import type { Graph } from '@grim/ir';
import type { AdmmOptions, BlockSize } from '@grim/prune';
import type { Examples } from '../datasets/examples.ts';

/** Examples of a task. */
export interface TaskData {
  /** Varied when they are written with random numbers. */
  readonly train: Examples;
  readonly test: Examples;
}

/** A number of epochs at a learning rate. */
export interface Phase {
  readonly epochs: number;
  /** Of the first step; in dense training and retraining it falls to zero along half a cosine. */
  readonly learningRate: number;
}

/** A network that tells classes apart: how it is trained, pruned and judged. */
export interface ClassificationTask {
  readonly name: string;
  /** Raised when the network, its data or how they are varied change: results of before are then made anew. */
  readonly revision: number;
  readonly unavailable: () => string | undefined;
  readonly data: () => TaskData;
  /** The network before training; its one input has the batch axis `batchAxis`. */
  readonly graph: (random: () => number) => Graph;
  readonly batchSize: number;
  readonly batchAxis: number;
  /** Layers that batch norm follows while they are trained. */
  readonly batchNorm: readonly string[];
  readonly dense: Phase;
  readonly admm: Phase & Pick<AdmmOptions, 'dualStep' | 'penalty' | 'risingShare' | 'stepsPerUpdate'>;
  readonly reweighted: Phase;
  readonly gradual: Phase;
  /** After each of these, with the weights that are left: the fewer they are, the longer they may take. */
  readonly retraining: (rate: number) => Phase;
  readonly rates: readonly number[];
  /** Rates of layers that make up a rate of the whole network, for all patterns; otherwise each layer has that of the network. */
  readonly layerRates?: Readonly<Record<number, Readonly<Record<string, number>>>>;
  /** Whether the dense network teaches the pruned one while it is trained. */
  readonly taught: boolean;
  readonly block: BlockSize;
  /** Blocks to compare with `block` at the first rate and seed, by ADMM. */
  readonly otherBlocks: readonly BlockSize[];
  /** Layers that stay dense. */
  readonly exclude: readonly string[];
  readonly seeds: readonly number[];
}
