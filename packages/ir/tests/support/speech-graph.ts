import type { ConvOperator, Graph, Shape, Tensor } from '../../src/index.ts';
import { graphOf, node, signal } from './graphs.ts';

/** Samples per window of the transform. */
export const windowSize = 16;
/** Samples per run. */
export const frameSize = 40;
const hidden = 4;
const bins = windowSize / 2 + 1;

/** Cosines, then negative sines, under a periodic Hann window: the basis of a short-time Fourier transform. */
export function fourierBasis(size = windowSize): Tensor {
  const rows = size / 2 + 1;
  const data = new Float32Array(2 * rows * size);
  for (let bin = 0; bin < rows; bin++) {
    for (let n = 0; n < size; n++) {
      const angle = (2 * Math.PI * bin * n) / size;
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size);
      data[bin * size + n] = window * Math.cos(angle);
      // Exact zeros where the sine is 0, as in the bases that real models hold.
      data[(rows + bin) * size + n] = bin % (size / 2) === 0 ? 0 : -window * Math.sin(angle);
    }
  }
  return { shape: [2 * rows, 1, size], data };
}

export function conv1d(changes: Partial<ConvOperator> = {}): ConvOperator {
  return { kind: 'conv', strides: [1], padsBegin: [0], padsEnd: [0], dilations: [1], groups: 1, ...changes };
}

function weights(shape: Shape, seed: number): Tensor {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: signal(count, seed).map((value) => value / 2) };
}

/**
 * A voice activity detector as an importer gives it: reflection padding, Fourier transform, magnitude, convolution,
 * an LSTM whose hidden and cell state share one tensor `[2,1,H]`, and a probability; activations are nodes of their
 * own and shapes are changed back and forth.
 */
export function speechGraph(): Graph {
  const [bit, row]: [Shape, Shape] = [
    [1, 1, hidden],
    [1, hidden],
  ];
  const take = (start: number, count: number, frames: number) =>
    ({ kind: 'slice', starts: [0, start, 0], sizes: [1, count, frames], steps: [1, 1, 1] }) as const;
  const part = (index: number) =>
    ({ kind: 'slice', starts: [index, 0, 0], sizes: bit, steps: [1, 1, 1] }) as const;
  const frames = (frameSize + 8 - windowSize) / 8 + 1;
  return graphOf({
    name: 'speech',
    inputs: [{ name: 'input', shape: [1, frameSize] }],
    states: [
      {
        name: 'state',
        shape: [2, 1, hidden],
        input: 'state in',
        output: 'state out',
        initial: Float32Array.from([1, 2, 3, 4, -1, -2, -3, -4]),
      },
    ],
    outputs: [{ name: 'probability', value: 'probability' }],
    constants: new Map<string, Tensor>([
      ['basis', fourierBasis()],
      ['two', { shape: [], data: Float32Array.of(2) }],
      ['half', { shape: [], data: Float32Array.of(0.5) }],
      ['encoder.weights', weights([6, bins, 3], 2)],
      ['encoder.bias', weights([6], 3)],
      ['lstm.w', weights([4 * hidden, 6], 4)],
      ['lstm.r', weights([4 * hidden, hidden], 5)],
      ['lstm.bias', weights([4 * hidden], 6)],
      ['decoder.weights', weights([1, hidden, 1], 7)],
      ['unused', weights([3], 8)],
    ]),
    nodes: [
      node({ kind: 'reshape', shape: [1, 1, frameSize] }, ['input'], 'channel'),
      node(
        { kind: 'pad', mode: 'reflect', begin: [0, 0, 0], end: [0, 0, 8], value: 0 },
        ['channel'],
        'padded',
      ),
      node(conv1d({ strides: [8] }), ['padded', 'basis'], 'spectrum'),
      node(take(0, bins, frames), ['spectrum'], 'real'),
      node(take(bins, bins, frames), ['spectrum'], 'imaginary'),
      node({ kind: 'binary', function: 'pow' }, ['real', 'two'], 'real^2'),
      node({ kind: 'binary', function: 'pow' }, ['imaginary', 'two'], 'imaginary^2'),
      node({ kind: 'binary', function: 'add' }, ['real^2', 'imaginary^2'], 'energy'),
      node({ kind: 'binary', function: 'pow' }, ['energy', 'half'], 'magnitude'),
      node(
        conv1d({ padsBegin: [1], padsEnd: [1] }),
        ['magnitude', 'encoder.weights', 'encoder.bias'],
        'encoded',
      ),
      node({ kind: 'unary', activation: { function: 'relu' } }, ['encoded'], 'encoded.relu'),
      node({ kind: 'reduce', function: 'mean', axes: [2], keepDims: false }, ['encoded.relu'], 'features'),
      node({ kind: 'reshape', shape: [1, 1, 6] }, ['features'], 'sequence'),
      node(part(0), ['state in'], 'h.slice'),
      node({ kind: 'reshape', shape: row }, ['h.slice'], 'h0'),
      node(part(1), ['state in'], 'c.slice'),
      node({ kind: 'reshape', shape: row }, ['c.slice'], 'c0'),
      node(
        {
          kind: 'lstm',
          hidden,
          direction: 'forward',
          activations: [{ function: 'sigmoid' }, { function: 'tanh' }, { function: 'tanh' }],
        },
        ['sequence', 'lstm.w', 'lstm.r', 'lstm.bias', 'h0', 'c0'],
        'y',
        'h',
        'c',
      ),
      node({ kind: 'reshape', shape: bit }, ['h'], 'h.reshaped'),
      node({ kind: 'reshape', shape: bit }, ['c'], 'c.reshaped'),
      node({ kind: 'concat', axis: 0 }, ['h.reshaped', 'c.reshaped'], 'state out'),
      node({ kind: 'transpose', permutation: [0, 2, 1] }, ['h.reshaped'], 'column'),
      node({ kind: 'unary', activation: { function: 'relu' } }, ['column'], 'column.relu'),
      node(conv1d(), ['column.relu', 'decoder.weights'], 'logit'),
      node({ kind: 'unary', activation: { function: 'sigmoid' } }, ['logit'], 'sigmoid'),
      node({ kind: 'reshape', shape: [1, 1] }, ['sigmoid'], 'probability'),
    ],
  });
}
