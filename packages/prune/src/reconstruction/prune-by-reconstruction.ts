import { GrimError, type EvaluationOptions, type Graph } from '@grim/ir';
import { selectWeights, type AssignedWeight, type PrunedGraph } from '../prune-weights.ts';
import type { PruneOptions } from '../selection/prune-options.ts';
import { checkDamping } from './check-damping.ts';
import { collectMoments, countRuns, type Calibration, type CalibrationSequence } from './collect-moments.ts';
import { referenceEvaluators, type CreateEvaluator } from './evaluator.ts';
import { byLayer, pruneLayers, usesOf, type LayerSettings } from './prune-layers.ts';
import { spreadOver, withRates } from './spread-over.ts';

/** What {@link pruneByReconstruction} prunes, how far, and how it is told about. */
export interface ReconstructionOptions extends PruneOptions {
  /**
   * What `rate` is the rate of: each weight (`weight`, the default), or all weights that are pruned, together (`model`). In a model,
   * which layers can spare most is measured, and relative errors of what layers compute add up to least; `rate` is one number then.
   */
  readonly rateOf?: 'model' | 'weight';
  /**
   * What layers are given in calibration: what they will be given, layers before them pruned, to compute of it what they did in the
   * dense network (`pruned`, the default); or what the dense network gives them, which takes one pass over the inputs in place of one
   * for every layer (`dense`).
   */
  readonly layerInputs?: 'dense' | 'pruned';
  /** Let biases make up for the mean of what is lost (default true). Layers without get one. */
  readonly correctBias?: boolean;
  /**
   * Added to the diagonal of the Gram matrix of a layer's inputs, relative to its mean: draws weights to what they were. By
   * default 0.001, and 0.01 where calibration gave fewer vectors than the matrix has columns.
   */
  readonly damping?: number;
  /** What operators of a user's own compute, by the name of their function. */
  readonly operators?: EvaluationOptions['operators'];
  /** What runs the networks on calibration inputs; by default the reference implementation, which is slow. */
  readonly createEvaluator?: CreateEvaluator;
  /** Told after each calibration run and each weight; `total` is of all runs in all passes, or of all weights. */
  readonly onProgress?: (progress: {
    readonly stage: 'calibrating' | 'reconstructing';
    readonly done: number;
    readonly total: number;
  }) => void;
}

/**
 * Prunes the weights of a graph without labels and without training: from calibration inputs it finds out what each weight
 * multiplies, and chooses what is kept, and the values of what is kept, so that these products change least.
 *
 * Layers are pruned from the first to the last, and each makes up for the errors of those before it as far as it can: it is given what the
 * pruned network gives it, and is held to what it computed in the dense one. Selection, and what stays dense, are those of
 * `pruneByMagnitude`. The report gives the error of each weight's products beside that of magnitude, and says where calibration gave
 * fewer vectors than columns.
 *
 * @param graph - The network.
 * @param calibration - Inputs like those of its use; several sequences where states are to start anew.
 * @param options - Rates, blocks and layers.
 * @returns (A promise of) the pruned graph and the report.
 * @throws `GrimError` as `pruneByMagnitude` does; when there are no calibration inputs, when they do not fit the inputs of the
 * graph, or when a layer is given values that are not finite; naming the layer when it has too many columns.
 */
export async function pruneByReconstruction(
  graph: Graph,
  calibration: readonly CalibrationSequence[],
  options: ReconstructionOptions,
): Promise<PrunedGraph> {
  const {
    rateOf,
    layerInputs,
    correctBias = true,
    damping,
    operators,
    createEvaluator,
    onProgress,
  } = options;
  checkDamping(damping);
  const selection = selectWeights(graph, options);
  const layers = byLayer(selection.assigned);
  const passes = layerInputs === 'dense' ? 1 : Math.max(1, layers.length);
  let run = 0;
  const sources: Calibration = {
    sequences: calibration,
    createEvaluator: createEvaluator ?? referenceEvaluators(operators),
    onRun: () => onProgress?.({ stage: 'calibrating', done: ++run, total: passes * countRuns(calibration) }),
  };
  const settings: LayerSettings = { correctBias, ...(damping !== undefined && { damping }) };
  // What the first layer is given is the same in both networks.
  const everything = rateOf === 'model' || layerInputs === 'dense';
  const measured = everything ? selection.assigned : (layers[0] ?? []);
  const moments = await collectMoments(graph, usesOf(measured), sources);
  const spread =
    rateOf === 'model'
      ? withRates(
          selection,
          rateFor(options, (rate) => spreadOver(graph, selection.assigned, moments, settings, rate)),
        )
      : selection;
  let done = 0;
  return pruneLayers(graph, spread, settings, {
    momentsOf: (uses, pruned) =>
      layerInputs === 'dense' || (pruned === undefined && uses.every((use) => moments.has(use)))
        ? moments
        : collectMoments(graph, uses, sources, pruned),
    onWeight: () => onProgress?.({ stage: 'reconstructing', done: ++done, total: spread.assigned.length }),
  });
}

/** The one rate of a model, shared out. */
function rateFor(
  { rate }: ReconstructionOptions,
  spread: (rate: number) => Map<AssignedWeight, number>,
): Map<AssignedWeight, number> {
  if (typeof rate !== 'number') {
    throw new GrimError('the rate of a model is one number, and layers were given rates of their own');
  }
  return spread(rate);
}
