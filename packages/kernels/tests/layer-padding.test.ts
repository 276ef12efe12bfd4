import type { Graph, Node, WeightSpec } from '@grim/ir';
import { expect, it } from 'vitest';

import { lowerGraph } from '../src/index.ts';

const rows = 32;
const columns = 64;

/** `y = W x`, of whose weights `kept` says which are not zero. */
function layer(kept: (row: number, column: number) => boolean, weights?: WeightSpec): Graph {
  const data = Float32Array.from({ length: rows * columns }, (_, index) =>
    kept(Math.floor(index / columns), index % columns) ? 1 + index : 0,
  );
  const node: Node = {
    name: 'layer',
    op: { kind: 'linear' },
    inputs: ['x', 'w', null],
    outputs: ['y'],
    ...(weights && { weights: [weights] }),
  };
  return {
    name: 'model',
    inputs: [{ name: 'x', shape: [1, columns] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([['w', { shape: [rows, columns], data }]]),
    nodes: [node],
  };
}

const paddingOf = (graph: Graph): number | undefined =>
  lowerGraph(graph).calls.find(({ node }) => node === 'layer')?.padding;

const bcr = { blockRows: 16, blockColumns: 32, rate: 8 };

it('nothing but non-zeros: no padding', () => {
  expect(paddingOf(layer(() => true))).toBe(1);
  expect(paddingOf(layer((_, column) => column % 8 === 0, { input: 1, bcr }))).toBe(1);
});

it('a dense layer multiplies with its zeros', () => {
  expect(paddingOf(layer((_, column) => column % 8 === 0))).toBe(8);
});

it('rows of a group that do not share their columns are padded', () => {
  const padding = paddingOf(
    layer((row, column) => column % 8 === 0 && (row + column / 8) % 4 > 0, { input: 1, bcr }),
  );
  expect(padding).toBeCloseTo(4 / 3, 9);
});

it('layers without weights, and without any that are not zero, have none', () => {
  expect(paddingOf(layer(() => false))).toBeUndefined();
});
