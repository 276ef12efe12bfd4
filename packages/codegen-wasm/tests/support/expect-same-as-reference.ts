import { expect } from 'vitest';

import { elementCount, evaluateGraph, inferShapes, type Graph } from '@grim/ir';
import { interpretProgram, lowerGraph } from '@grim/kernels';

import { expectClose } from './expect-close.ts';
import { noise } from './random-graph.ts';
import { instantiate } from './run-module.ts';

const bits = (values: Float32Array): number[] => [
  ...new Int32Array(values.buffer, values.byteOffset, values.length),
];

/**
 * Runs a graph twice with carried state, and expects WebAssembly to give what the interpreted kernels give, bit for bit, and both
 * to be close to the reference evaluator.
 */
export async function expectSameAsReference(graph: Graph): Promise<void> {
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
