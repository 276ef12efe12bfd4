import type { Tensor } from '@grim/ir';

/** A loss and its derivative by the outputs of the network. */
export interface LossValue {
  /** Mean over the examples of the batch. */
  readonly loss: number;
  /** Derivative by each output, under its name, row-major; outputs that do not matter are left out. */
  readonly derivatives: ReadonlyMap<string, Float32Array>;
}

/**
 * What training makes small: a plain function of the outputs of a batch and of what they should have been. It is computed beside
 * the network, so anything that has a derivative can be one.
 *
 * @param outputs - Values of each output for a batch, in the shapes of the graph with the batch in them.
 * @param target - What they should have been.
 */
export type Loss<Target> = (outputs: ReadonlyMap<string, Tensor>, target: Target) => LossValue;
