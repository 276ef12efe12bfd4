import { GrimError, type EvaluationOptions, type Graph } from '@grim/ir';
import { pruneWeights, selectWeights, type PrunedGraph } from '../prune-weights.ts';
import type { PruneOptions } from '../selection/prune-options.ts';
import { refuseAs } from '../selection/refuse-as.ts';
import { weightName } from '../selection/weight-use.ts';
import { collectMoments, type CalibrationSequence } from './collect-moments.ts';
import { momentsOf } from './moments-of.ts';
import { reconstruct } from './reconstruct.ts';

/** What {@link pruneByReconstruction} prunes, how far, and how it is told about. */
export interface ReconstructionOptions extends PruneOptions {
  /**
   * Added to the diagonal of the Gram matrix of a layer's inputs, relative to its mean: draws weights to what they were. By
   * default 0.001, and 0.01 where calibration gave fewer vectors than the matrix has columns.
   */
  readonly damping?: number;
  /** What operators of a user's own compute, by the name of their function. */
  readonly operators?: EvaluationOptions['operators'];
  /** Told after each calibration run and each weight. */
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
 * Calibration runs the dense graph with the reference implementation, as slow as that is: some hundred runs are usual. Selection,
 * and what stays dense, are those of `pruneByMagnitude`. The report gives the error of each weight's products beside that of
 * magnitude, and says where calibration gave fewer vectors than columns.
 *
 * @param graph - The network.
 * @param calibration - Inputs like those of its use; several sequences where states are to start anew.
 * @param options - Rates, blocks and layers.
 * @returns The pruned graph and the report.
 * @throws `GrimError` as `pruneByMagnitude` does; when there are no calibration inputs, when they do not fit the inputs of the
 * graph, or when a layer is given values that are not finite; naming the layer when it has too many columns.
 */
export function pruneByReconstruction(
  graph: Graph,
  calibration: readonly CalibrationSequence[],
  options: ReconstructionOptions,
): PrunedGraph {
  const { damping, operators, onProgress } = options;
  if (damping !== undefined && !(Number.isFinite(damping) && damping > 0)) {
    throw new GrimError(`damping must be a finite number above 0, got ${damping}`);
  }
  const selection = selectWeights(graph, options);
  const uses = selection.assigned.flatMap((weight) => weight.uses);
  const moments = collectMoments(graph, uses, calibration, operators, (done, total) => {
    onProgress?.({ stage: 'calibrating', done, total });
  });
  let done = 0;
  return pruneWeights(graph, selection, ({ uses: users, matrix, assignment }) => {
    const chosen = refuseAs(weightName(users[0]), () =>
      reconstruct(matrix, assignment, momentsOf(users, moments), damping),
    );
    onProgress?.({ stage: 'reconstructing', done: ++done, total: selection.assigned.length });
    return chosen;
  });
}
