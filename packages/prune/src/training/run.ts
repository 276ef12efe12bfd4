import { GrimError, type Tensor } from '@grim/ir';
import type { TrainedWeight } from './trained-weights.ts';
import type { TraceEntry, WeightMeasures } from './trained-pruning.ts';
import type { LearningRate } from './learning-rate.ts';

/** What a run has done so far; everything that has to survive its end is here or in the trainer. */
export interface RunMemory {
  /** Index of the phase. */
  phase: number;
  /** Steps of the phase that are done. */
  step: number;
  /** Sum of the losses since the last entry of the trace, and how many they are. */
  lossSum: number;
  losses: number;
  readonly trace: TraceEntry[];
  /** What the method keeps for each weight, under `name of it/name of the weight`. */
  readonly tensors: Map<string, Tensor>;
  /** The same for single numbers. */
  readonly numbers: Map<string, number>;
  /** Why weights that are selected stay dense, by name. */
  readonly dense: Map<string, string>;
}

/** A run: what it prunes and what it has done. */
export interface Run {
  readonly weights: readonly TrainedWeight[];
  readonly batchesPerEpoch: number;
  readonly memory: RunMemory;
}

/** One stretch of training with its own learning rate. */
export interface Phase {
  readonly name: string;
  readonly epochs: number;
  readonly learningRate: LearningRate;
  /** Before the first step; not again where a run is resumed within the phase. */
  readonly begin: () => void;
  /** What the optimiser gets in place of the gradients of the loss. */
  readonly gradients: (ofLoss: ReadonlyMap<string, Float32Array>) => ReadonlyMap<string, Float32Array>;
  /** After a step of the optimiser, `done` being the steps of the phase with it, at the learning rate of that step. */
  readonly afterStep: (done: number, learningRate: number) => void;
}

/** Memory of a run that has done nothing. */
export function freshMemory(): RunMemory {
  return {
    phase: 0,
    step: 0,
    lossSum: 0,
    losses: 0,
    trace: [],
    tensors: new Map(),
    numbers: new Map(),
    dense: new Map(),
  };
}

/**
 * What a run keeps for a weight.
 *
 * @param length - How many values that are; as many as the weight has unless given.
 * @throws `GrimError` when there is none, or another number of values, which a checkpoint leads to that lacks it.
 */
export function kept(
  { memory }: Run,
  what: string,
  { name, layer, matrix }: TrainedWeight,
  length: number = matrix.values.length,
): Float32Array {
  const tensor = memory.tensors.get(`${what}/${name}`);
  if (!tensor) throw new GrimError(`the checkpoint holds no ${what} of ${name}`, { layer });
  if (tensor.data.length !== length) {
    throw new GrimError(
      `the checkpoint holds ${tensor.data.length} values of ${what} of ${name}, expected ${length}`,
      { layer },
    );
  }
  return tensor.data;
}

/** Keeps values for a weight, of its shape unless one is given. */
export function keep(
  { memory }: Run,
  what: string,
  { name, matrix }: TrainedWeight,
  data: Float32Array,
  shape: readonly number[] = [matrix.rows, matrix.columns],
): void {
  memory.tensors.set(`${what}/${name}`, { shape, data });
}

/** Adds an entry to the trace, which begins anew to sum losses. */
export function recordTrace(
  { memory, batchesPerEpoch }: Run,
  phase: string,
  step: number,
  weights: Readonly<Record<string, WeightMeasures>> = {},
): void {
  const loss = memory.losses > 0 ? memory.lossSum / memory.losses : 0;
  memory.trace.push({ phase, step, epoch: step / batchesPerEpoch, loss, weights });
  memory.lossSum = 0;
  memory.losses = 0;
}
