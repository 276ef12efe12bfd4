export { createTrainer, type GraphTrainer, type TrainerOptions } from './create-trainer.ts';
export type { BatchOptions } from './batch/batch-options.ts';
export {
  createBatches,
  type Batch,
  type Batches,
  type BatchesOptions,
  type Examples,
} from './data/create-batches.ts';
export type { Loss, LossValue } from './losses/loss.ts';
export { crossEntropy, type CrossEntropyOptions } from './losses/cross-entropy.ts';
export { adam, type AdamOptions } from './optimisers/adam.ts';
export type { MakeOptimiser, Optimiser } from './optimisers/optimiser.ts';
export { sgd, type SgdOptions } from './optimisers/sgd.ts';
export {
  constantRate,
  cosineRate,
  oneCycleRate,
  stepRate,
  type CosineOptions,
  type OneCycleOptions,
  type Schedule,
} from './optimisers/schedules.ts';
export type { ExtraOptions } from './extras.ts';
export { ctc, type CtcOptions, type CtcTarget } from './losses/ctc.ts';
export { meanSquaredError, type MeanSquaredErrorOptions } from './losses/mean-squared-error.ts';
export { gatherExamples } from './data/gather-examples.ts';
export { readCheckpoint } from './checkpoint/read-checkpoint.ts';
export { writeCheckpoint } from './checkpoint/write-checkpoint.ts';
export { restoreTrainer, trainerState } from './checkpoint/trainer-state.ts';
