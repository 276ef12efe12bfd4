import { describe, expect, it } from 'vitest';

import { evaluateGraph, type Graph } from '@grim/ir';
import { lowerGraph } from '@grim/kernels';

import { GraphSketch, weightSpecs, type RandomBlocks } from './support/random-graph.ts';
import { instantiate } from './support/run-module.ts';

const columnsOnly: RandomBlocks = { blockRows: 8, blockColumns: 16, keepRow: 1, keepColumn: 0.25 };
const rowsAndColumns: RandomBlocks = { blockRows: 8, blockColumns: 16, keepRow: 0.5, keepColumn: 0.5 };

function convolution(rank: 1 | 2, blocks: RandomBlocks): Graph {
  const sketch = new GraphSketch(11);
  const ones = rank === 1 ? [1] : [1, 1];
  const x = sketch.input([1, 16, ...(rank === 1 ? [9] : [6, 13])]);
  const weights = sketch.constant([32, 16, ...ones.map(() => 3)], blocks);
  const [y = ''] = sketch.node(
    { kind: 'conv', strides: ones, padsBegin: ones, padsEnd: ones, dilations: ones, groups: 1 },
    [x, weights, sketch.constant([32])],
    1,
    weightSpecs(blocks, 1),
  );
  return sketch.graph(y);
}

const cases: readonly [string, Graph, RegExp][] = [
  [
    '1-d, columns pruned: rows in order',
    convolution(1, columnsOnly),
    /^spmv_.*_bcr\d+_indexbytes16_(?!scattered)/,
  ],
  ['1-d, rows and columns pruned: scattered rows', convolution(1, rowsAndColumns), /^spmv_.*_scattered_/],
  ['2-d, columns pruned: one row subset', convolution(2, columnsOnly), /^spmm_.*_bcr_off_/],
  [
    '2-d, rows and columns pruned: row subsets of strips',
    convolution(2, rowsAndColumns),
    /^spmm_.*_bcr_of[0-9a-f]{2,}_/,
  ],
];

describe('every sparse path is taken and right', () => {
  for (const [name, graph, kernel] of cases) {
    it(name, async () => {
      const program = lowerGraph(graph);
      expect(program.calls.map((call) => call.kernel.name)).toContainEqual(expect.stringMatching(kernel));
      const input = Float32Array.from({ length: 16 * (name.startsWith('1') ? 9 : 78) }, (_, i) =>
        Math.sin(i),
      );
      const expected = evaluateGraph(graph, { inputs: { input0: input } }).outputs['output0'] ?? [];
      const actual = (await instantiate(program)).run({ input0: input })['output0'] ?? new Float32Array();
      expected.forEach((value, index) => {
        expect(actual[index]).toBeCloseTo(value, 4);
      });
    });
  }
});
