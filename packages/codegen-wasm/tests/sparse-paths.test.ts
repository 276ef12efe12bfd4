import { describe, expect, it } from 'vitest';

import { evaluateGraph, type Graph } from '@grim/ir';
import { lowerGraph } from '@grim/kernels';

import { GraphSketch, scheduledWeights, weightSpecs, type RandomBlocks } from './support/random-graph.ts';
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

describe('images of many channels', () => {
  it('have the channels of a row side by side between pruned convolutions, whatever else reads them', async () => {
    const sketch = new GraphSketch(12);
    const conv = { kind: 'conv', strides: [1, 1], dilations: [1, 1], groups: 1 } as const;
    const around = { padsBegin: [1, 1], padsEnd: [1, 1] };
    const x = sketch.input([1, 5, 9, 13]);
    const wide = (channels: number): string => sketch.constant([128, channels, 3, 3], rowsAndColumns);
    const pruned = { ...conv, ...around };
    const [a = ''] = sketch.node(pruned, [x, wide(5), null], 1, weightSpecs(rowsAndColumns, 1));
    const panels = { panelChannels: 50, blockHeight: 4, loopOrder: 'tiles' };
    const [b = ''] = sketch.node(
      pruned,
      [a, wide(128), null],
      1,
      scheduledWeights(rowsAndColumns, 1, panels),
    );
    const [sum = ''] = sketch.node({ kind: 'binary', function: 'add' }, [a, b], 1);
    const pool = {
      kind: 'pool',
      function: 'max',
      kernel: [3, 3],
      strides: [2, 2],
      dilations: [1, 1],
    } as const;
    const [small = ''] = sketch.node({ ...pool, ...around, countIncludePad: false }, [sum], 1);
    const [c = ''] = sketch.node(pruned, [small, wide(128), null], 1, weightSpecs(rowsAndColumns, 1));
    const depthwise = { ...conv, ...around, groups: 128 };
    const [d = ''] = sketch.node(depthwise, [c, sketch.constant([128, 1, 3, 3]), null], 1);
    const graph = sketch.graph(d);
    const program = lowerGraph(graph);
    const names = program.calls.map((call) => call.kernel.name);
    expect(names).toContainEqual(expect.stringMatching(/^spmm_r128_.*_win128\./));
    // A channel of the first image is 16 pixels from the next, which its row of 15 with the zeros around it is rounded up to.
    expect(names).toContainEqual(expect.stringMatching(/_win128\.64\.8192\.4\.3x3_/));
    const input = Float32Array.from({ length: 5 * 9 * 13 }, (_, i) => Math.sin(i));
    const expected = evaluateGraph(graph, { inputs: { input0: input } }).outputs['output0'] ?? [];
    const actual = (await instantiate(program)).run({ input0: input })['output0'] ?? new Float32Array();
    const scale = Math.max(...Array.from(expected, Math.abs));
    expect(expected.length).toBe(128 * 5 * 7);
    expected.forEach((value, index) => {
      expect(Math.abs((actual[index] ?? NaN) - value)).toBeLessThan(1e-5 * scale);
    });
  });
});
