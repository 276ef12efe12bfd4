import {
  evaluateGraph,
  inferShapes,
  validateGraph,
  type Graph,
  type Node,
  type Operator,
} from '../../src/index.ts';
import { expect } from 'vitest';
import { relativeDifference } from './tensors.ts';

/** A graph from the parts that matter to a test. */
export function graphOf(parts: Partial<Graph>): Graph {
  return { name: 'test', inputs: [], outputs: [], states: [], constants: new Map(), nodes: [], ...parts };
}

/** A node named after its first output. */
export function node(op: Operator, inputs: readonly (string | null)[], ...outputs: string[]): Node {
  return { name: `${op.kind}:${outputs[0] ?? ''}`, op, inputs, outputs };
}

/** The operator kinds of a graph in order. */
export function kindsOf(graph: Graph): string[] {
  return graph.nodes.map(({ op }) => op.kind);
}

/** Values that are different everywhere and the same in every run of the tests. */
export function signal(length: number, seed = 1): Float32Array {
  return Float32Array.from(
    { length },
    (_, index) => Math.sin(seed + index * 1.7) + 0.25 * Math.cos(index * seed),
  );
}

/**
 * Expects two graphs with the same inputs, outputs and states (or states split into `name.0`, `name.1`, …) to give
 * the same outputs over `runs` runs with carried state.
 */
export function expectSameResults(actual: Graph, expected: Graph, tolerance = 0, runs = 2): void {
  validateGraph(actual);
  expect(actual.inputs).toEqual(expected.inputs);
  expect(actual.outputs.map(({ name }) => name)).toEqual(expected.outputs.map(({ name }) => name));
  const shapes = inferShapes(expected);
  let states: [Record<string, Float32Array>, Record<string, Float32Array>] | undefined;
  for (let run = 0; run < runs; run++) {
    const inputs = Object.fromEntries(
      expected.inputs.map(({ name, shape }, index) => [
        name,
        signal(
          shape.reduce((product, extent) => product * extent, 1),
          1 + index + 10 * run,
        ),
      ]),
    );
    const a = evaluateGraph(actual, { inputs, ...(states && { states: states[0] }) });
    const b = evaluateGraph(expected, { inputs, ...(states && { states: states[1] }) });
    for (const { name, value } of expected.outputs) {
      const difference = relativeDifference(a.outputs[name] ?? [], b.outputs[name] ?? [NaN]);
      expect(difference, `output ${name} [${(shapes.get(value) ?? []).join()}]`).toBeLessThanOrEqual(
        tolerance,
      );
    }
    states = [a.states, b.states];
  }
}
