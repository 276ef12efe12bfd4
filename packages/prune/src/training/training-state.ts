import type { Tensor } from '@grim/ir';

/** All that a run needs to go on from a step to the same result, bit by bit. */
export interface TrainingState {
  /** Parameters, what the trainer remembers, and what the method does, by name; copies. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The rest: method, settings, position and trace. It can be written as JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}
