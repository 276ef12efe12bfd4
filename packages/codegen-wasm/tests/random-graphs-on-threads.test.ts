import fc from 'fast-check';
import { expect, test } from 'vitest';

import { elementCount, writeArtefact, type CompiledProgram, type Graph } from '@grim/ir';
import { loadModel } from '@grim/runtime';

import { compileGraph } from '../src/index.ts';
import { convGraph, denseAndRecurrentGraph, movementGraph, noise } from './support/random-graph.ts';
import { singleOperatorGraphs } from './support/single-operator-graph.ts';

/** Outputs and states of two runs of some sessions, by turns, as bits. */
async function bitsOf(graph: Graph, program: CompiledProgram, threads: number): Promise<number[][]> {
  const model = await loadModel(
    writeArtefact({ ...program, provenance: { grimVersion: '0.1.0', options: {} } }),
    { threads },
  );
  expect(model.threads.count).toBe(Math.min(threads, program.plan.threads?.count ?? 1));
  const next = noise(5);
  const sessions = [model.createSession(), model.createSession()];
  const bits = [0, 1].flatMap(() =>
    sessions.flatMap((session) => {
      const inputs = graph.inputs.map(({ name, shape }): [string, Float32Array] => [
        name,
        Float32Array.from({ length: elementCount(shape) }, next),
      ]);
      const outputs = session.run(Object.fromEntries(inputs));
      return [...Object.values(outputs), ...Object.values(session.getState())].map((values) => [
        ...new Int32Array(values.slice().buffer),
      ]);
    }),
  );
  await model.close();
  return bits;
}

const randomGraphs = {
  convolutions: convGraph,
  'fully connected and recurrent layers': denseAndRecurrentGraph,
  'data movement, reductions and elementwise chains': movementGraph,
  ...singleOperatorGraphs,
};

test.each(Object.entries(randomGraphs))(
  'random graphs, every call divided: two to four threads compute the bits of one (%s)',
  async (_name, graphs) => {
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const expected = await bitsOf(graph, await compileGraph(graph), 1);
        const program = await compileGraph(graph, { threads: 4, leastPart: 1 });
        for (const threads of [2, 3, 4]) expect(await bitsOf(graph, program, threads)).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  },
);
