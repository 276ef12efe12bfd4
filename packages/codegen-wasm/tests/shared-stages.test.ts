import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { elementCount, type Graph } from '@grim/ir';
import { interpretProgram, lowerGraph, type Program } from '@grim/kernels';

import { convGraph, denseAndRecurrentGraph, movementGraph, noise } from './support/random-graph.ts';
import { singleOperatorGraphs } from './support/single-operator-graph.ts';

/** The same program with the calls of every stage in opposite order: threads may run them in any. */
function stagesReversed(program: Program): Program {
  const calls = program.calls
    .map((call, position) => ({ call, position }))
    .sort((a, b) => a.call.stage - b.call.stage || b.position - a.position)
    .map(({ call }) => call);
  return { ...program, calls };
}

/** The bits of everything that some runs of a program give. */
function bitsOf(program: Program, graph: Graph): Record<string, Int32Array> {
  const interpreter = interpretProgram(program);
  const next = noise(11);
  const bits: Record<string, Int32Array> = {};
  for (let run = 0; run < 2; run++) {
    const inputs = Object.fromEntries(
      graph.inputs.map(({ name, shape }) => [name, Float32Array.from({ length: elementCount(shape) }, next)]),
    );
    for (const [name, { data }] of Object.entries(interpreter.run(inputs))) {
      bits[`${name} of run ${run}`] = new Int32Array(Float32Array.from(data).buffer);
    }
  }
  return bits;
}

const generators = {
  convolutions: convGraph,
  'fully connected and recurrent layers': denseAndRecurrentGraph,
  'data movement, reductions and elementwise chains': movementGraph,
  ...singleOperatorGraphs,
};

describe('calls divided among threads, however small, in any order: the bits of one thread', () => {
  for (const [name, graphs] of Object.entries(generators)) {
    it(name, () => {
      fc.assert(
        fc.property(graphs, fc.integer({ min: 2, max: 4 }), (graph, threads) => {
          const divided = lowerGraph(graph, { threads, leastPart: 1 });
          const expected = bitsOf(lowerGraph(graph), graph);
          expect(bitsOf(divided, graph)).toEqual(expected);
          expect(bitsOf(stagesReversed(divided), graph)).toEqual(expected);
        }),
        { numRuns: 60 },
      );
    });

    it(`${name}: some are divided`, () => {
      const stages = fc
        .sample(graphs, { numRuns: 40, seed: 1 })
        .map((graph) => lowerGraph(graph, { threads: 3, leastPart: 1 }))
        .map(({ calls }) => calls.length - new Set(calls.map(({ stage }) => stage)).size);
      expect(Math.max(...stages)).toBeGreaterThan(0);
    });
  }
});
