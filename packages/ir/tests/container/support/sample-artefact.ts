import { elementCount, type Artefact, type Graph, type Plan, type Tensor } from '../../../src/index.ts';
import { graphOf, node, signal } from '../../support/graphs.ts';

function weights(shape: readonly number[], seed: number): Tensor {
  return { shape, data: signal(elementCount(shape), seed) };
}

/** Weights of which whole columns are zero in every block of four rows, so that a codec has something to gain. */
function prunedWeights(rows: number, columns: number, seed: number): Tensor {
  const { shape, data } = weights([rows, columns], seed);
  return {
    shape,
    data: data.map((value, index) => {
      const [row, column] = [Math.floor(index / columns), index % columns];
      return (column + Math.floor(row / 4)) % 4 === 0 ? value : 0;
    }),
  };
}

/** A valid graph with every operator kind, recurrent state, and pruned weights. */
export const sampleGraph: Graph = graphOf({
  name: 'sample',
  inputs: [{ name: 'x', shape: [1, 1, 32] }],
  outputs: [
    { name: 'y', value: 'p' },
    { name: 'z', value: 't' },
  ],
  states: [
    { name: 'h', shape: [1, 8], input: 'h0', output: 'h1', initial: signal(8, 5) },
    { name: 'c', shape: [1, 8], input: 'c0', output: 'c1' },
  ],
  constants: new Map([
    ['cw', weights([4, 3, 3], 1)],
    ['cb', weights([4], 2)],
    ['lw', prunedWeights(32, 16, 3)],
    ['lr', prunedWeights(32, 8, 4)],
    ['lb', weights([32], 5)],
    ['gw', prunedWeights(24, 8, 6)],
    ['gr', prunedWeights(24, 8, 7)],
    ['dw', prunedWeights(16, 8, 8)],
    ['two', { shape: [], data: Float32Array.of(2) }],
    ['ns', weights([16], 9)],
  ]),
  nodes: [
    node({ kind: 'foldWindows', size: 8, stride: 6 }, ['x'], 'even', 'odd'),
    node({ kind: 'pad', mode: 'reflect', begin: [0, 1, 0], end: [0, 1, 0], value: 0 }, ['odd'], 'padded'),
    node({ kind: 'concat', axis: 1 }, ['even', 'padded'], 'joined'),
    node({ kind: 'slice', starts: [0, 8, 0], sizes: [1, 3, 5], steps: [1, -2, 1] }, ['joined'], 'part'),
    node(
      {
        kind: 'conv',
        strides: [1],
        padsBegin: [1],
        padsEnd: [0],
        dilations: [1],
        groups: 1,
        activation: { function: 'leakyRelu', alpha: 0.1 },
        fixed: 'a filter bank',
      },
      ['part', 'cw', 'cb'],
      'filtered',
    ),
    node(
      {
        kind: 'pool',
        function: 'average',
        kernel: [3],
        strides: [1],
        padsBegin: [0],
        padsEnd: [2],
        dilations: [1],
        countIncludePad: true,
      },
      ['filtered'],
      'pooled',
    ),
    node({ kind: 'reshape', shape: [1, 1, 16] }, ['pooled'], 'flat'),
    {
      ...node(
        {
          kind: 'lstm',
          hidden: 8,
          direction: 'forward',
          activations: [{ function: 'sigmoid' }, { function: 'tanh' }, { function: 'tanh' }],
        },
        ['flat', 'lw', 'lr', 'lb', 'h0', 'c0'],
        'l',
        'h1',
        'c1',
      ),
      weights: [
        {
          input: 1,
          bcr: { blockRows: 4, blockColumns: 16, rate: 4 },
          schedule: { rows: 8, unroll: true, order: 'kij' },
        },
        { input: 2, bcr: { blockRows: 4, blockColumns: 8, rate: 4 } },
      ],
    },
    {
      ...node(
        {
          kind: 'gru',
          hidden: 8,
          direction: 'reverse',
          linearBeforeReset: true,
          activations: [{ function: 'hardSigmoid', alpha: 0.25, beta: 0.5 }, { function: 'tanh' }],
        },
        ['l', 'gw', 'gr', null, null, null],
        'g',
      ),
      weights: [{ input: 1, bcr: { blockRows: 4, blockColumns: 8, rate: 4 } }],
    },
    {
      ...node({ kind: 'linear' }, ['g', 'dw'], 'd'),
      weights: [{ input: 1, bcr: { blockRows: 4, blockColumns: 8, rate: 4 } }],
    },
    node({ kind: 'binary', function: 'mul' }, ['d', 'two'], 'doubled'),
    node({ kind: 'unary', activation: { function: 'exp' } }, ['doubled'], 'e'),
    node({ kind: 'layerNorm', axis: 2, epsilon: 1e-5 }, ['e', 'ns', null], 'n'),
    node({ kind: 'softmax', axis: 2 }, ['n'], 's'),
    node(
      {
        kind: 'resize',
        interpolation: 'nearestRoundPreferFloor',
        coordinates: 'pytorchHalfPixel',
        sizes: [24],
        scales: [1.5],
      },
      ['s'],
      'wide',
    ),
    node({ kind: 'reduce', function: 'mean', axes: [2], keepDims: false }, ['wide'], 'p'),
    node({ kind: 'transpose', permutation: [2, 0, 1] }, ['e'], 't'),
  ],
});

/** A plan with every kind of field. */
export const samplePlan: Plan = {
  model: 'sample',
  memoryBytes: 4096,
  imageOffset: 0,
  inputs: [{ name: 'x', shape: [1, 1, 32], offset: 1024 }],
  outputs: [
    { name: 'y', shape: [1, 1], offset: 1152 },
    { name: 'z', shape: [16, 1, 1], offset: 1168 },
  ],
  states: [
    { name: 'h', shape: [1, 8], offset: 1232, initial: signal(8, 5) },
    { name: 'c', shape: [1, 8], offset: 1264 },
  ],
  calls: [
    {
      entry: 'call0',
      node: 'lstm:l',
      kernel: 'spmv_32x16_r8',
      family: 'spmv',
      path: 'bcr 4.0x',
      macs: 192,
      weightBytes: 700,
      result: { value: 'l', shape: [1, 1, 8], offset: 1232, strides: [8, 8, 1] },
    },
    {
      entry: 'call1',
      node: 'gru:g',
      kernel: 'gemv',
      family: 'gemv',
      path: 'dense: small',
      macs: 2 ** 40,
      weightBytes: 0,
    },
  ],
  features: ['simd128'],
};

/** A file's worth of everything. */
export const sampleArtefact: Artefact = {
  graph: sampleGraph,
  plan: samplePlan,
  code: Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
  image: new Uint8Array(signal(250, 9).buffer).subarray(0, 997),
  provenance: {
    grimVersion: '0.1.0',
    sourceFile: 'sample.onnx',
    sourceSha256: '0123456789abcdef'.repeat(4),
    importer: '@grim/onnx 0.1.0',
    options: { rate: '4', block: '4x16' },
  },
};
