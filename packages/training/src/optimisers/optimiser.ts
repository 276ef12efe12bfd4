import type { Tensor } from '@grim/ir';

/** A rule that changes parameters by their gradients. */
export interface Optimiser {
  /** What it remembers, by name; live, and written into when a checkpoint is resumed. */
  readonly memory: ReadonlyMap<string, Tensor>;
  /** Changes the parameters where they are. Those without a gradient stay as they are. */
  readonly step: (gradients: ReadonlyMap<string, Float32Array>, learningRate: number) => void;
  /** Forgets what it remembers. */
  readonly reset: () => void;
}

/**
 * Makes an optimiser.
 *
 * @param parameters - What it will change, by name, in the shapes of their constants.
 */
export type MakeOptimiser = (parameters: ReadonlyMap<string, Tensor>) => Optimiser;
