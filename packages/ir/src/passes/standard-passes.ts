import type { Graph } from '../graph.ts';
import { canonicaliseArithmetic } from './canonicalise-arithmetic.ts';
import { foldConstants } from './fold-constants.ts';
import { foldSymmetricFilters } from './fold-symmetric-filters.ts';
import { fuseActivations } from './fuse-activations.ts';
import type { Pass } from './pass.ts';
import { removeDeadNodes } from './remove-dead-nodes.ts';
import { reshapeStates } from './reshape-states.ts';
import { simplifyReshapes } from './simplify-reshapes.ts';
import { splitStates } from './split-states.ts';
import { trimPaddedTaps } from './trim-padded-taps.ts';

/**
 * The passes every imported graph goes through, in the order they depend on each other:
 *
 * 1. what nothing reads goes first, so that no later pass spends work on it;
 * 2. constants are folded, which reveals the constant operands that arithmetic rules look for;
 * 3. data movement is simplified, which puts slices and concatenations next to the states they belong to;
 * 4. states are split, and take the shape they are used in once the slices between are gone;
 * 5. taps that only meet padding are cut off; filter banks are folded; the slices behind them then read one half directly;
 * 6. what the simplifications left unread goes, and activations move into the layers before them, last, because a
 *    reader that is not needed would keep them apart.
 */
export const standardPasses: readonly Pass[] = [
  removeDeadNodes,
  foldConstants,
  canonicaliseArithmetic,
  simplifyReshapes,
  splitStates,
  simplifyReshapes,
  reshapeStates,
  trimPaddedTaps,
  foldSymmetricFilters,
  simplifyReshapes,
  removeDeadNodes,
  fuseActivations,
];

/** Applies passes one after the other; {@link standardPasses} unless others are given. */
export function applyPasses(graph: Graph, passes: readonly Pass[] = standardPasses): Graph {
  return passes.reduce((result, pass) => pass(result), graph);
}
