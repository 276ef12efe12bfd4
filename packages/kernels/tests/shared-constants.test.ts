import { expect, it } from 'vitest';

import { elementCount, evaluateGraph, type Graph, type Shape, type Tensor } from '@grim/ir';
import { interpretProgram, lowerGraph } from '../src/index.ts';

function values(shape: Shape, seed: number): Tensor {
  return {
    shape,
    data: Float32Array.from({ length: elementCount(shape) }, (_, index) => Math.sin(seed + index)),
  };
}

/** A recurrent layer of 16 over some steps of 8. */
function recurrent(kind: 'gru' | 'lstm', steps: number, linearBeforeReset = true): Graph {
  const gates = kind === 'gru' ? 3 : 4;
  const sigmoid = { function: 'sigmoid' } as const;
  const tanh = { function: 'tanh' } as const;
  return {
    name: kind,
    inputs: [{ name: 'x', shape: [steps, 1, 8] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([
      ['w', values([gates * 16, 8], 1)],
      ['r', values([gates * 16, 16], 2)],
      ['b', values([gates * 16], 3)],
    ]),
    nodes: [
      {
        name: 'layer',
        op:
          kind === 'gru'
            ? { kind, hidden: 16, direction: 'forward', linearBeforeReset, activations: [sigmoid, tanh] }
            : { kind, hidden: 16, direction: 'forward', activations: [sigmoid, tanh, tanh] },
        inputs: ['x', 'w', 'r', 'b'],
        outputs: ['y'],
      },
    ],
  };
}

it.each([
  ['gru', true],
  ['gru', false],
  ['lstm', true],
] as const)('the steps of a %s share its weights (linear before reset: %s)', (kind, linearBeforeReset) => {
  const few = lowerGraph(recurrent(kind, 2, linearBeforeReset));
  const graph = recurrent(kind, 9, linearBeforeReset);
  const many = lowerGraph(graph);
  expect(many.image.length).toBe(few.image.length);

  const { data: x } = values([9, 1, 8], 4);
  const expected = evaluateGraph(graph, { inputs: { x } }).outputs['y'] ?? new Float32Array();
  const found = interpretProgram(many).run({ x })['y']?.data ?? [];
  expected.forEach((value, index) => {
    expect(found[index]).toBeCloseTo(value, 5);
  });
});
