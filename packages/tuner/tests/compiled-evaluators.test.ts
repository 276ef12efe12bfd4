import { evaluateGraph, type Graph } from '@grim/ir';
import { expect, test } from 'vitest';
import { compiledEvaluators } from '../src/index.ts';

const values = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * index));

/** A layer whose result is its own next state, and one that nothing but the output reads. */
const graph: Graph = {
  name: 'loop',
  inputs: [{ name: 'x', shape: [1, 4] }],
  outputs: [{ name: 'y', value: 'y' }],
  states: [{ name: 'memory', shape: [1, 4], input: 'before', output: 'after' }],
  constants: new Map([
    ['w', { shape: [4, 4], data: values(16) }],
    ['v', { shape: [2, 4], data: values(8) }],
  ]),
  nodes: [
    { name: 'sum', op: { kind: 'binary', function: 'add' }, inputs: ['x', 'before'], outputs: ['sum'] },
    {
      name: 'state',
      op: { kind: 'linear', activation: { function: 'tanh' } },
      inputs: ['sum', 'w', null],
      outputs: ['after'],
    },
    { name: 'head', op: { kind: 'linear' }, inputs: ['after', 'v', null], outputs: ['y'] },
  ],
};

test('compiled evaluators give the values asked for, carry states, and start anew when they are reset', async () => {
  const evaluator = await compiledEvaluators('loop.onnx')(graph, ['sum', 'after']);
  for (let sequence = 0; sequence < 2; sequence++) {
    let states: Readonly<Record<string, Float32Array>> = {};
    evaluator.reset();
    for (let run = 0; run < 3; run++) {
      const inputs = { x: values(4).map((value) => value + run) };
      const expected = evaluateGraph(graph, { inputs, states, keep: 'all' });
      states = expected.states;
      const found = evaluator.run(inputs);
      expect([...found.values.keys()].sort()).toEqual(['after', 'sum']);
      for (const [name, { shape, data }] of found.values) {
        expect(shape).toEqual([1, 4]);
        for (const [index, value] of data.entries()) {
          expect(value).toBeCloseTo(expected.values.get(name)?.data[index] ?? NaN, 5);
        }
      }
      for (const [index, value] of (found.states['memory'] ?? []).entries()) {
        expect(value).toBeCloseTo(expected.states['memory']?.[index] ?? NaN, 5);
      }
    }
  }
});
