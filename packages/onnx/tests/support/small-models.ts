import type { ImportOptions } from '../../src/index.ts';
import {
  DataType,
  float,
  floatTensor,
  graphValue,
  int,
  ints,
  intTensor,
  makeGraph,
  makeModel,
  node,
  string,
  tensorValue,
  valueInfo,
} from './onnx-model.ts';
import { count, noise } from './oracle.ts';

/** A model and what its import has to be told. */
export interface SmallModel {
  readonly bytes: Uint8Array;
  readonly options: ImportOptions;
}

function weights(name: string, shape: readonly number[], seed: number): ReturnType<typeof floatTensor> {
  return floatTensor(name, shape, noise(seed, count(shape)));
}

/** Convolutions with batch normalisation, padding, pooling and a classifier. */
const convolutional = makeModel({
  opset: 13,
  inputs: { x: ['batch', 2, 8, 8] },
  outputs: ['y'],
  initializers: [
    weights('w', [4, 2, 3, 3], 1),
    weights('b', [4], 2),
    weights('scale', [4], 3),
    weights('shift', [4], 4),
    weights('mean', [4], 5),
    floatTensor('variance', [4], [1, 2, 3, 4]),
    weights('dense', [3, 4], 6),
    weights('bias', [3], 7),
    intTensor('pads', [0, 0, 1, 1, 0, 0, 1, 1]),
    floatTensor('low', [], [0]),
    floatTensor('high', [], [6]),
  ],
  nodes: [
    node('Pad', ['x', 'pads'], ['padded'], { mode: string('reflect') }),
    node('Conv', ['padded', 'w', 'b'], ['c'], {
      strides: ints([2, 2]),
      dilations: ints([1, 1]),
      group: int(1),
      kernel_shape: ints([3, 3]),
    }),
    node('BatchNormalization', ['c', 'scale', 'shift', 'mean', 'variance'], ['n'], { epsilon: float(1e-3) }),
    node('Clip', ['n', 'low', 'high'], ['a']),
    node('GlobalAveragePool', ['a'], ['p']),
    node('Flatten', ['p'], ['f'], { axis: int(1) }),
    node('Gemm', ['f', 'dense', 'bias'], ['g'], { transB: int(1), alpha: float(0.5) }),
    node('Sigmoid', ['g'], ['y']),
  ],
});

/** An LSTM and a GRU whose weights are put together from parts, with state passed in and out. */
const recurrent = makeModel({
  opset: 14,
  inputs: { x: [2, 1, 3], h: [1, 1, 2], c: [1, 1, 2] },
  outputs: ['y', 'hn', 'cn'],
  initializers: [
    weights('w01', [4, 3], 1),
    weights('w23', [4, 3], 2),
    weights('R', [1, 8, 2], 3),
    weights('B', [1, 16], 4),
    weights('gruW', [2, 6, 2], 5),
    weights('gruR', [2, 6, 2], 6),
    intTensor('zero', [0]),
    intTensor('one', [1]),
    intTensor('two', [2]),
  ],
  nodes: [
    node('Concat', ['w23', 'w01'], ['w'], { axis: int(0) }),
    node('Unsqueeze', ['w', 'zero'], ['W']),
    node('LSTM', ['x', 'W', 'R', 'B', '', 'h', 'c'], ['Y', 'hn', 'cn'], {
      hidden_size: int(2),
      direction: string('forward'),
    }),
    node('Squeeze', ['Y', 'one'], ['s']),
    node('GRU', ['s', 'gruW', 'gruR'], ['G'], {
      hidden_size: int(2),
      direction: string('bidirectional'),
      linear_before_reset: int(1),
    }),
    node('Slice', ['G', 'zero', 'one', 'two'], ['part']),
    node('ReduceMean', ['part'], ['y'], { axes: ints([0, 3]), keepdims: int(0) }),
  ],
});

/** Shape arithmetic, ranges and branches in branches that are all constant. */
const arithmetic = makeModel({
  opset: 17,
  inputs: { x: ['batch', 6], mode: valueInfo('mode', [], DataType.INT64) },
  outputs: ['y', 'z'],
  initializers: [
    intTensor('zero', [0]),
    intTensor('one', [1]),
    intTensor('minus', [-1]),
    intTensor('start', [0], []),
    intTensor('step', [2], []),
    intTensor('seven', [7], []),
    floatTensor('scale', [6], [1, 2, 3, 4, 5, 6]),
  ],
  nodes: [
    node('Shape', ['x'], ['shape']),
    node('Gather', ['shape', 'one'], ['width']),
    node('ReduceProd', ['shape'], ['elements'], { keepdims: int(0) }),
    node('Range', ['start', 'elements', 'step'], ['even']),
    node('Gather', ['x', 'even'], ['picked'], { axis: int(1) }),
    node('ConstantOfShape', ['width'], ['sevens'], { value: tensorValue(intTensor('', [7])) }),
    node('Cast', ['sevens'], ['real'], { to: int(1) }),
    node('Expand', ['real', 'shape'], ['wide']),
    node('Tile', ['scale', 'one'], ['tiled']),
    node('Where', ['condition', 'tiled', 'wide'], ['chosen']),
    node('Greater', ['seven', 'elements'], ['condition']),
    node('Equal', ['mode', 'seven'], ['is seven']),
    node('If', ['is seven'], ['branch'], {
      then_branch: graphValue(
        makeGraph({
          outputs: ['r'],
          nodes: [
            node('Not', ['is seven'], ['no']),
            node('If', ['no'], ['r'], {
              then_branch: graphValue(makeGraph({ outputs: ['x'], nodes: [] })),
              else_branch: graphValue(
                makeGraph({ outputs: ['q'], nodes: [node('Mul', ['x', 'chosen'], ['q'])] }),
              ),
            }),
          ],
        }),
      ),
      else_branch: graphValue(makeGraph({ outputs: ['r'], nodes: [node('Neg', ['x'], ['r'])] })),
    }),
    node('Concat', ['branch', 'picked'], ['joined'], { axis: int(-1) }),
    node('Concat', ['zero', 'minus'], ['target'], { axis: int(0) }),
    node('Reshape', ['joined', 'target'], ['y']),
    node('Transpose', ['joined'], ['z'], { perm: ints([1, 0]) }),
  ],
});

/** The forms of opset 9, where lists are attributes. */
const old = makeModel({
  opset: 9,
  irVersion: 3,
  inputs: { x: [1, 4, 6], w: [6, 2] },
  outputs: ['y'],
  initializers: [weights('w', [6, 2], 1)],
  nodes: [
    node('Slice', ['x'], ['s'], { starts: ints([0, 1]), ends: ints([1, 9]), axes: ints([0, 1]) }),
    node('Pad', ['s'], ['p'], { pads: ints([0, 1, 0, 0, 0, 0]), value: float(1.5) }),
    node('Split', ['p'], ['a', 'b'], { axis: int(1), split: ints([2, 2]) }),
    node('Unsqueeze', ['a'], ['u'], { axes: ints([0]) }),
    node('Squeeze', ['u'], ['q'], { axes: ints([0]) }),
    node('Max', ['q', 'b'], ['m']),
    node('MatMul', ['m', 'w'], ['l']),
    node('ReduceSum', ['l'], ['r'], { axes: ints([1]) }),
    node('Clip', ['r'], ['y'], { min: float(-1), max: float(1) }),
  ],
});

/** Models that between them use most operators and forms. */
export const smallModels: Readonly<Record<string, SmallModel>> = {
  convolutional: { bytes: convolutional, options: {} },
  recurrent: { bytes: recurrent, options: {} },
  arithmetic: { bytes: arithmetic, options: { inputs: { mode: 7 } } },
  old: { bytes: old, options: {} },
};
