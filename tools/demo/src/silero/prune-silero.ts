import type { Graph } from '@grim/ir';
import { pruneByMagnitude, type PrunedGraph } from '@grim/prune';

/**
 * How the demo and the benchmark prune.
 *
 * Blocks are 4 rows high because 4 floats fill a 128-bit register: the rows of a block share one list of columns, and
 * one vector multiply-add serves them all. Taller blocks run faster and shorter ones keep more of the network: after
 * one-shot pruning, which retrains nothing, the latter is what counts. Blocks of one row of blocks compete for the
 * columns kept, so that every row keeps equal work while a block full of small weights may lose more than its share.
 */
export const pruning = {
  block: { rows: 4, columns: 64 },
  split: 'columns',
  budget: 'blockRow',
} as const;

/** Prunes every layer that can be pruned, once, to `rate`. */
export function pruneSilero(graph: Graph, rate: number): PrunedGraph {
  return pruneByMagnitude(graph, { rate, ...pruning });
}
