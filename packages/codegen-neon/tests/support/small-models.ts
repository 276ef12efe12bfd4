import { elementCount, type ConvOperator, type Graph, type Shape, type Tensor } from '@grim/ir';

import { noise } from './noise.ts';

const relu = { function: 'relu' } as const;

/** Weights that keep values about as large as they are. */
function weights(next: () => number, shape: Shape): Tensor {
  const scale = Math.sqrt((3 * (shape[0] ?? 1)) / elementCount(shape));
  return { shape, data: Float32Array.from({ length: elementCount(shape) }, () => scale * next()) };
}

const convolution = (stride: number, pad: number, groups = 1): ConvOperator => ({
  kind: 'conv',
  strides: [stride, stride],
  padsBegin: [pad, pad],
  padsEnd: [pad, pad],
  dilations: [1, 1],
  groups,
  activation: relu,
});

/** Convolutions of every kind that networks for images have, a pool, a mean, a softmax. */
export function smallCnn(): Graph {
  const next = noise(23);
  return {
    name: 'small CNN',
    inputs: [{ name: 'image', shape: [1, 3, 19, 19] }],
    outputs: [{ name: 'classes', value: 'classes' }],
    states: [],
    constants: new Map([
      ['w1', weights(next, [16, 3, 3, 3])],
      ['b1', weights(next, [16])],
      ['w2', weights(next, [16, 1, 3, 3])],
      ['w3', weights(next, [64, 16, 1, 1])],
      ['w4', weights(next, [64, 64, 3, 3])],
      ['b4', weights(next, [64])],
      ['w5', weights(next, [10, 64])],
      ['b5', weights(next, [10])],
    ]),
    nodes: [
      { name: 'stem', op: convolution(2, 1), inputs: ['image', 'w1', 'b1'], outputs: ['x1'] },
      { name: 'depthwise', op: convolution(1, 1, 16), inputs: ['x1', 'w2'], outputs: ['x2'] },
      { name: 'expand', op: convolution(1, 0), inputs: ['x2', 'w3'], outputs: ['x3'] },
      {
        name: 'spatial',
        op: convolution(1, 1),
        inputs: ['x3', 'w4', 'b4'],
        outputs: ['x4'],
      },
      { name: 'residual', op: { kind: 'binary', function: 'add' }, inputs: ['x3', 'x4'], outputs: ['x5'] },
      {
        name: 'pool',
        op: {
          kind: 'pool',
          function: 'max',
          kernel: [3, 3],
          strides: [2, 2],
          padsBegin: [1, 1],
          padsEnd: [1, 1],
          dilations: [1, 1],
          countIncludePad: false,
        },
        inputs: ['x5'],
        outputs: ['x6'],
      },
      {
        name: 'mean',
        op: { kind: 'reduce', function: 'mean', axes: [2, 3], keepDims: false },
        inputs: ['x6'],
        outputs: ['x7'],
      },
      { name: 'head', op: { kind: 'linear' }, inputs: ['x7', 'w5', 'b5'], outputs: ['x8'] },
      { name: 'softmax', op: { kind: 'softmax', axis: 1 }, inputs: ['x8'], outputs: ['classes'] },
    ],
  };
}

const HIDDEN = 48;

/** A GRU that takes one step a run, and what is read off it. */
export function smallGru(): Graph {
  const next = noise(29);
  return {
    name: 'small GRU',
    inputs: [{ name: 'frame', shape: [1, 1, 20] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [{ name: 'hidden', shape: [1, HIDDEN], input: 'before', output: 'after' }],
    constants: new Map([
      ['w', weights(next, [3 * HIDDEN, 20])],
      ['r', weights(next, [3 * HIDDEN, HIDDEN])],
      ['wb', weights(next, [3 * HIDDEN])],
      ['rb', weights(next, [3 * HIDDEN])],
      ['v', weights(next, [5, HIDDEN])],
    ]),
    nodes: [
      {
        name: 'gru',
        op: {
          kind: 'gru',
          hidden: HIDDEN,
          direction: 'forward',
          linearBeforeReset: true,
          activations: [{ function: 'sigmoid' }, { function: 'tanh' }],
        },
        inputs: ['frame', 'w', 'r', 'wb', 'rb', 'before'],
        outputs: ['sequence', 'after'],
      },
      { name: 'read', op: { kind: 'linear' }, inputs: ['after', 'v'], outputs: ['y'] },
    ],
  };
}
