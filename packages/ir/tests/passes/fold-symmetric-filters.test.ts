import {
  applyPasses,
  describeLayers,
  foldSymmetricFilters,
  removeDeadNodes,
  simplifyReshapes,
  type ConvOperator,
  type Graph,
  type Tensor,
} from '../../src/index.ts';
import { describe, expect, it } from 'vitest';
import { expectSameResults, graphOf, kindsOf, node, signal } from '../support/graphs.ts';
import { conv1d, fourierBasis, speechGraph } from '../support/speech-graph.ts';

function bankGraph(weights: Tensor, changes: Partial<ConvOperator> = {}, bias?: Tensor): Graph {
  return graphOf({
    inputs: [{ name: 'x', shape: [2, 1, 100] }],
    outputs: [{ name: 'y', value: 'y' }],
    constants: new Map([['weights', weights], ...(bias ? ([['bias', bias]] as const) : [])]),
    nodes: [node(conv1d(changes), ['x', 'weights', ...(bias ? ['bias'] : [])], 'y')],
  });
}

/** The basis with one weight changed. */
function disturbed(row: number, column: number, amount: number): Tensor {
  const basis = fourierBasis();
  const data = basis.data.slice();
  data[row * 16 + column] = (data[row * 16 + column] ?? NaN) + amount;
  return { ...basis, data };
}

function macsOf(graph: Graph): number {
  return describeLayers(graph).reduce((sum, layer) => sum + layer.macs, 0);
}

describe('foldSymmetricFilters', () => {
  it.each([
    ['stride 1', {}],
    ['stride 8', { strides: [8] }],
    ['zero padding', { strides: [4], padsBegin: [5], padsEnd: [8] }],
    ['an activation', { activation: { function: 'square' } }],
  ] as const)('keeps what a Fourier basis computes with %s', (_, changes) => {
    const graph = bankGraph(fourierBasis(), changes);
    const folded = foldSymmetricFilters(graph);
    expect(kindsOf(folded).filter((kind) => kind !== 'pad')).toEqual([
      'foldWindows',
      'conv',
      'conv',
      'concat',
    ]);
    expectSameResults(folded, graph, 1e-6);
  });

  it('splits the bias', () => {
    const bias = { shape: [18], data: signal(18) };
    const graph = bankGraph(fourierBasis(), {}, bias);
    expectSameResults(foldSymmetricFilters(graph), graph, 1e-6);
  });

  it('halves multiply-adds and weights', () => {
    const graph = bankGraph(fourierBasis(256), { strides: [128] });
    const long: Graph = { ...graph, inputs: [{ name: 'x', shape: [1, 1, 640] }] };
    const folded = removeDeadNodes(foldSymmetricFilters(long));
    expect(macsOf(long)).toBe(258 * 256 * 4);
    expect(macsOf(folded)).toBe(129 * (129 + 127) * 4);
    const weights = [...folded.constants.values()].map(({ shape }) => shape);
    expect(weights).toEqual([
      [129, 129, 1],
      [129, 127, 1],
    ]);
    expectSameResults(folded, long, 1e-5);
  });

  it('marks what is left as fixed', () => {
    const layers = describeLayers(foldSymmetricFilters(bankGraph(fourierBasis())));
    const matrices = layers.flatMap((layer) => layer.matrices);
    expect(matrices.map(({ unprunable }) => unprunable)).toEqual([
      'symmetric filter bank',
      'symmetric filter bank',
    ]);
  });

  it('lets slices of the two halves read them directly', () => {
    const graph = speechGraph();
    const folded = applyPasses(graph, [foldSymmetricFilters, simplifyReshapes, removeDeadNodes]);
    const squares = folded.nodes.filter(({ op }) => op.kind === 'binary' && op.function === 'pow');
    const convs = folded.nodes.filter(({ op }) => op.kind === 'conv' && op.fixed !== undefined);
    expect(squares.slice(0, 2).map(({ inputs }) => inputs[0])).toEqual(
      convs.map(({ outputs }) => outputs[0]),
    );
    expectSameResults(folded, graph, 1e-5);
  });

  it('takes filters that are all even or all odd', () => {
    const basis = fourierBasis();
    const half = (first: number): Tensor => ({
      shape: [9, 1, 16],
      data: basis.data.slice(first * 16, (first + 9) * 16),
    });
    for (const first of [0, 9]) {
      const graph = bankGraph(half(first));
      const folded = foldSymmetricFilters(graph);
      expect(kindsOf(folded)).toEqual(['foldWindows', 'conv', 'concat']);
      expectSameResults(folded, graph, 1e-6);
    }
  });

  it('tolerates rounding but no more', () => {
    const rounded = bankGraph(disturbed(3, 5, 5e-7));
    expect(kindsOf(foldSymmetricFilters(rounded))).toContain('foldWindows');
    expectSameResults(foldSymmetricFilters(rounded), rounded, 1e-5);
    const broken = bankGraph(disturbed(3, 5, 1e-3));
    expect(foldSymmetricFilters(broken)).toEqual(broken);
  });

  it.each([
    ['an odd filter has weight 0', bankGraph(disturbed(12, 0, 0.5))],
    ['an odd filter has weight K/2', bankGraph(disturbed(12, 8, 0.5))],
    ['the kernel is dilated', bankGraph(fourierBasis(), { dilations: [2] })],
    [
      'odd filters come first',
      bankGraph({
        shape: [18, 1, 16],
        data: Float32Array.of(...fourierBasis().data.slice(144), ...fourierBasis().data.slice(0, 144)),
      }),
    ],
    ['the kernel is short', bankGraph({ shape: [4, 1, 4], data: new Float32Array(16).fill(1) })],
    ['the kernel has an odd length', bankGraph({ shape: [4, 1, 9], data: new Float32Array(36).fill(1) })],
    ['there are few filters', bankGraph({ shape: [3, 1, 16], data: new Float32Array(48).fill(1) })],
  ])('keeps the convolution when %s', (_, graph) => {
    expect(foldSymmetricFilters(graph)).toEqual(graph);
  });

  it('keeps a convolution that was pruned', () => {
    const graph = bankGraph(fourierBasis());
    const weights = [{ input: 1, bcr: { blockRows: 4, blockColumns: 4, rate: 2 } }];
    const pruned = { ...graph, nodes: graph.nodes.map((layer) => ({ ...layer, weights })) };
    expect(foldSymmetricFilters(pruned)).toEqual(pruned);
  });
});
