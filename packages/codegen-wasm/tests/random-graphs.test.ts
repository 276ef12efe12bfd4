import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { elementCount, evaluateGraph, inferShapes, type Graph } from '@grim/ir';
import { interpretProgram, lowerGraph } from '@grim/kernels';

import {
  convGraph,
  denseAndRecurrentGraph,
  movementGraph,
  noise,
  poolGraph,
} from './support/random-graph.ts';
import { instantiate } from './support/run-module.ts';

/** Results may differ from the double-precision reference by rounding: 1e-5 of the largest value in the tensor. */
function expectClose(actual: Float32Array, expected: Float32Array, what: string): void {
  expect(actual.length).toBe(expected.length);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  expected.forEach((value, index) => {
    const difference = Math.abs((actual[index] ?? NaN) - value);
    if (!(difference <= 2e-5 * scale)) {
      throw new Error(`${what}[${String(index)}]: ${String(actual[index])}, expected ${String(value)}`);
    }
  });
}

const bits = (values: Float32Array): number[] => [
  ...new Int32Array(values.buffer, values.byteOffset, values.length),
];

/** Two runs with carried state: reference, interpreted kernels and WebAssembly. */
async function compare(graph: Graph): Promise<void> {
  inferShapes(graph);
  const program = lowerGraph(graph);
  const interpreter = interpretProgram(program);
  const module = await instantiate(program);
  const next = noise(7);
  let states: Record<string, Float32Array> = {};
  for (let run = 0; run < 2; run++) {
    const inputs = Object.fromEntries(
      graph.inputs.map(({ name, shape }) => [name, Float32Array.from({ length: elementCount(shape) }, next)]),
    );
    const expected = evaluateGraph(graph, { inputs, states });
    const interpreted = interpreter.run(inputs);
    const compiled = module.run(inputs);
    for (const [name, values] of Object.entries(expected.outputs)) {
      const fromInterpreter = interpreted[name]?.data ?? new Float32Array();
      expectClose(fromInterpreter, values, name);
      expect(bits(compiled[name] ?? new Float32Array())).toEqual(bits(fromInterpreter));
    }
    for (const [name, values] of Object.entries(expected.states)) {
      expectClose(module.states()[name] ?? new Float32Array(), values, `state ${name}`);
    }
    states = expected.states;
  }
}

describe('random graphs: reference, interpreted kernels and WebAssembly agree', () => {
  it('convolutions, dense and block sparse', async () => {
    await fc.assert(fc.asyncProperty(convGraph, compare), { numRuns: 250 });
  });

  it('pooling', async () => {
    await fc.assert(fc.asyncProperty(poolGraph, compare), { numRuns: 250 });
  });

  it('fully connected and recurrent layers, dense and block sparse', async () => {
    await fc.assert(fc.asyncProperty(denseAndRecurrentGraph, compare), { numRuns: 250 });
  });

  it('data movement, reductions and elementwise chains', async () => {
    await fc.assert(fc.asyncProperty(movementGraph, compare), { numRuns: 400 });
  });
});
