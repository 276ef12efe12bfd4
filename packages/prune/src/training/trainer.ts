import type { Graph, Tensor } from '@grim/ir';

/** Loss of one batch and its derivatives. */
export interface LossAndGradients {
  /** Mean loss over the examples of the batch. */
  readonly loss: number;
  /** Derivative of the loss by each parameter, under its name, as many values as the parameter has. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/**
 * What training needs of a framework, whichever it is.
 *
 * `parameters` is the one place where trained values live: {@link Trainer.step} changes them where they are, algorithms of
 * this package write into them (projections, masks), and {@link Trainer.lossAndGradients} reads them anew each time.
 */
export interface Trainer<Batch> {
  /** Trained values by name. The name of a weight of a graph is that of its constant. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** Loss and gradients of one batch at the values that the parameters have now. */
  readonly lossAndGradients: (batch: Batch) => Promise<LossAndGradients>;
  /** One step of the optimiser, into the parameters. */
  readonly step: (gradients: ReadonlyMap<string, Float32Array>, learningRate: number) => void;
  /** What the optimiser and the layers remember besides the parameters (moments, running statistics); live, as they are. */
  readonly memory: ReadonlyMap<string, Tensor>;
  /** Forgets what the optimiser remembers: another phase begins. Running statistics stay. */
  readonly resetOptimiser: () => void;
  /** The network with the values of now, as it is used: batch norm folded into the weights before it, dropout left out. */
  readonly graph: () => Graph;
}
