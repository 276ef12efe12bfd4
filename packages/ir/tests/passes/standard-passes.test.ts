import {
  applyPasses,
  canonicaliseArithmetic,
  foldConstants,
  foldSymmetricFilters,
  fuseActivations,
  removeDeadNodes,
  reshapeStates,
  simplifyReshapes,
  splitStates,
  standardPasses,
} from '../../src/index.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSameResults } from '../support/graphs.ts';
import { randomGraph } from '../support/random-graph.ts';

/** Fusion leaves out a rounding to 32 bits, and `sqrt` may round other than `x^0.5`; all else is exact. */
const rounding = 1e-4;

const passes = [
  ['canonicaliseArithmetic', canonicaliseArithmetic, rounding],
  ['foldConstants', foldConstants, 0],
  ['foldSymmetricFilters', foldSymmetricFilters, 0],
  ['fuseActivations', fuseActivations, rounding],
  ['removeDeadNodes', removeDeadNodes, 0],
  ['reshapeStates', reshapeStates, 0],
  ['simplifyReshapes', simplifyReshapes, 0],
  ['splitStates', splitStates, 0],
] as const;

describe('passes', () => {
  it.each(passes)('%s keeps what random graphs compute', (_, pass, tolerance) => {
    fc.assert(
      fc.property(fc.gen(), (generate) => {
        const graph = randomGraph(generate);
        expectSameResults(pass(graph), graph, tolerance);
      }),
      { numRuns: 150 },
    );
  });

  it('together keep what random graphs compute, and reach a fixed point', () => {
    fc.assert(
      fc.property(fc.gen(), (generate) => {
        const graph = randomGraph(generate);
        const once = applyPasses(graph);
        expectSameResults(once, graph, rounding);
        expect(applyPasses(once).nodes.length).toBeLessThanOrEqual(once.nodes.length);
      }),
      { numRuns: 300 },
    );
  });

  it('do not change the graph they are given', () => {
    fc.assert(
      fc.property(fc.gen(), (generate) => {
        const graph = randomGraph(generate);
        const before = structuredClone(graph);
        applyPasses(graph, standardPasses);
        expect(graph).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });
});
