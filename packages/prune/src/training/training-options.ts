import type { PruneOptions } from '../selection/prune-options.ts';
import type { LearningRate } from './learning-rate.ts';
import type { Pattern } from './projection.ts';
import type { TrainingState } from './training-state.ts';

/** How long a phase of training is and how fast it learns. */
export interface TrainingPhase {
  /** Times that it goes through the batches, 0 or more. */
  readonly epochs: number;
  readonly learningRate: LearningRate;
}

/** How far training is, told after each step. */
export interface TrainingProgress {
  /** What is being done: `admm`, `reweighted`, `gradual` or `retraining`. */
  readonly phase: string;
  /** Epochs of the phase that are done. */
  readonly epoch: number;
  /** Epochs that the phase has. */
  readonly epochs: number;
  /** Steps of the phase that are done. */
  readonly step: number;
  /** Steps that the phase has. */
  readonly steps: number;
  /** Loss of the batch of this step, before it and without penalties. */
  readonly loss: number;
  readonly learningRate: number;
  /** Seconds that all that is left should take, as fast as it went so far. */
  readonly secondsLeft: number;
}

/** How a run is watched, stopped and taken up again. */
export interface RunOptions {
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Stops between two steps; what `reason` it has is thrown, after a last checkpoint. */
  readonly signal?: AbortSignal;
  /** Told what a run needs to be resumed from there; awaited before the next step. */
  readonly onCheckpoint?: (state: TrainingState) => Promise<void> | void;
  /** Steps between checkpoints (default: those of an epoch). */
  readonly stepsPerCheckpoint?: number;
  /** State to resume from. It has to come from the same method, options, batches and network. */
  readonly resume?: TrainingState;
}

/** What is pruned, how far, into what, and how the network is retrained afterwards. */
export interface TrainingPruneOptions extends PruneOptions, RunOptions {
  /**
   * `bcr` (the default) keeps rows and columns of blocks. `unstructured` keeps the largest elements wherever they are: what a rate costs when
   * no structure is asked for. Blocks and what concerns rows, columns or diagonals mean nothing to it.
   */
  readonly pattern?: Pattern;
  /** Training with the mask fixed, after the method's own. */
  readonly retraining: TrainingPhase;
}
