import type { Graph } from '@grim/ir';
import { pruneWeights, selectWeights, type PrunedGraph } from '../prune-weights.ts';
import type { PruneOptions } from '../selection/prune-options.ts';
import { chooseByMagnitude } from './choose-by-magnitude.ts';

/**
 * Prunes the weights of a graph once, by the magnitude of what each block holds (see `projectMagnitude` in `@grim/bcr`).
 *
 * Nothing is retrained, so outputs change; measure the accuracy before using the result. A weight stays dense, with
 * the reason in the report, when its operator rules pruning out, when the options leave it out, and when BCRC would
 * not be smaller than dense storage. The graph that was given stays as it is. Constants that layers share stay shared where
 * they are pruned alike, and get copies where they are not.
 *
 * @param graph - The network.
 * @param options - Rates, blocks and layers.
 * @returns The pruned graph, its `weights` saying how each layer was pruned, and the report.
 * @throws `GrimError` naming the layer when a rate is below 1, not finite or beyond what its blocks allow, when blocks
 * would span two gates, or when a weight is not finite; naming the pattern when one matches no layer.
 */
export function pruneByMagnitude(graph: Graph, options: PruneOptions): PrunedGraph {
  return pruneWeights(graph, selectWeights(graph, options), chooseByMagnitude);
}
