import { expect, it } from 'vitest';

import type { Graph } from '@grim/ir';
import { interpretProgram, lowerGraph } from '../src/index.ts';

it('an output that would not start at a vector is copied to where it does', () => {
  const graph: Graph = {
    name: 'row',
    inputs: [{ name: 'x', shape: [3, 5] }],
    outputs: [{ name: 'y', value: 'row' }],
    states: [],
    constants: new Map(),
    nodes: [
      {
        name: 'negation',
        op: { kind: 'unary', activation: { function: 'neg' } },
        inputs: ['x'],
        outputs: ['negated'],
      },
      {
        name: 'second row',
        op: { kind: 'slice', starts: [1, 0], sizes: [1, 5], steps: [1, 1] },
        inputs: ['negated'],
        outputs: ['row'],
      },
    ],
  };
  const program = lowerGraph(graph);
  expect((program.outputs[0]?.offset ?? 1) % 16).toBe(0);
  const x = Float32Array.from({ length: 15 }, (_, index) => index);
  expect([...(interpretProgram(program).run({ x })['y']?.data ?? [])]).toEqual([-5, -6, -7, -8, -9]);
});
