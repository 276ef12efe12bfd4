import {
  evaluateActivation,
  GrimError,
  type ConvOperator,
  type GruOperator,
  type Node,
  type Tensor,
} from '@grim/ir';
import type { WeightUse } from '../selection/weight-use.ts';

/** Rows of a weight matrix and the vectors that they multiply in one run. */
export interface InputBand {
  readonly rows: number;
  readonly vectors: readonly Float32Array[];
}

/**
 * The vectors that a weight multiplies in one run: patches of the input of a convolution, in the column order of its matrix;
 * inputs of a linear layer; inputs, or states before each step, of a recurrent one.
 *
 * All rows multiply the same vectors, but in the recurrent matrix of a GRU whose reset gate comes first: its candidate multiplies the
 * state after the reset gate.
 *
 * @param node - The layer.
 * @param use - The weight.
 * @param valueOf - Every value of the run, by name.
 * @throws `GrimError` when the operator is none of these.
 */
export function inputVectors(
  node: Node,
  use: WeightUse,
  valueOf: (name: string) => Tensor | undefined,
): InputBand[] {
  const operand = (position: number): Tensor | undefined => valueOf(node.inputs[position] ?? '');
  const x = operand(0);
  if (!x) throw new GrimError('has no input');
  const { op } = node;
  if (op.kind === 'conv') return [{ rows: use.rows, vectors: patches(op, x, use.shape) }];
  if (op.kind === 'linear' || ((op.kind === 'lstm' || op.kind === 'gru') && !use.recurrent)) {
    return [{ rows: use.rows, vectors: rowsOf(x, use.columns) }];
  }
  if (op.kind !== 'lstm' && op.kind !== 'gru') throw new GrimError(`${op.kind} cannot be reconstructed`);
  const y = valueOf(node.outputs[0] ?? '');
  if (!y) throw new GrimError('has no output');
  const before = statesBefore(y, operand(op.kind === 'lstm' ? 4 : 5), op.direction);
  if (op.kind === 'lstm' || op.linearBeforeReset) return [{ rows: use.rows, vectors: before }];
  const reset = resetGates(op, x, before, operand);
  return [
    { rows: 2 * op.hidden, vectors: before },
    {
      rows: op.hidden,
      vectors: before.map((state, index) => state.map((value, unit) => value * (reset[index]?.[unit] ?? 0))),
    },
  ];
}

function rowsOf({ data }: Tensor, length: number): Float32Array[] {
  return Array.from({ length: data.length / length }, (_, row) =>
    data.subarray(row * length, (row + 1) * length),
  );
}

/** The state before each step, in the order of the outputs `[T,N,H]`. */
function statesBefore(
  y: Tensor,
  initial: Tensor | undefined,
  direction: GruOperator['direction'],
): Float32Array[] {
  const [steps = 0, batch = 0, hidden = 0] = y.shape;
  const states = rowsOf(y, hidden);
  const starts = initial ? rowsOf(initial, hidden) : [];
  return Array.from({ length: steps * batch }, (_, row) => {
    const before = direction === 'forward' ? row - batch : row + batch;
    return states[before] ?? starts[row % batch] ?? new Float32Array(hidden);
  });
}

/** `F(W_r·x + R_r·h + b)` of each step. */
function resetGates(
  op: GruOperator,
  x: Tensor,
  before: readonly Float32Array[],
  operand: (position: number) => Tensor | undefined,
): Float64Array[] {
  const [w, r, wBias, rBias] = [1, 2, 3, 4].map(operand);
  const features = x.shape[2] ?? 0;
  return rowsOf(x, features).map((input, step) =>
    Float64Array.from({ length: op.hidden }, (_, unit) => {
      const row = op.hidden + unit;
      const fromInput = dot(w?.data, row * features, input);
      const fromState = dot(r?.data, row * op.hidden, before[step]);
      const bias = (wBias?.data[row] ?? 0) + (rBias?.data[row] ?? 0);
      return evaluateActivation(op.activations[0], fromInput + fromState + bias);
    }),
  );
}

function dot(weights: Float32Array | undefined, start: number, vector: Float32Array | undefined): number {
  let sum = 0;
  for (let index = 0; index < (vector?.length ?? 0); index++) {
    sum += (weights?.[start + index] ?? 0) * (vector?.[index] ?? 0);
  }
  return sum;
}

/** What a kernel sees at each output position: channel by channel, tap by tap. */
function patches(op: ConvOperator, x: Tensor, weights: readonly number[]): Float32Array[] {
  const plane = (extents: readonly number[], height: number): readonly number[] =>
    extents.length === 1 ? [height, ...extents] : extents;
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  const [inHeight = 0, inWidth = 0] = plane(spatial, 1);
  const [kernelHeight = 0, kernelWidth = 0] = plane(weights.slice(2), 1);
  const [strideY = 1, strideX = 1] = plane(op.strides, 1);
  const [dilationY = 1, dilationX = 1] = plane(op.dilations, 1);
  const [top = 0, left = 0] = plane(op.padsBegin, 0);
  const [bottom = 0, right = 0] = plane(op.padsEnd, 0);
  const reach = (extent: number, pads: number, kernel: number, dilation: number, stride: number): number =>
    Math.floor((extent + pads - dilation * (kernel - 1) - 1) / stride) + 1;
  const outHeight = reach(inHeight, top + bottom, kernelHeight, dilationY, strideY);
  const outWidth = reach(inWidth, left + right, kernelWidth, dilationX, strideX);
  const found: Float32Array[] = [];
  for (let n = 0; n < batch; n++) {
    for (let position = 0; position < outHeight * outWidth; position++) {
      const firstY = Math.floor(position / outWidth) * strideY - top;
      const firstX = (position % outWidth) * strideX - left;
      const patch = new Float32Array(channels * kernelHeight * kernelWidth);
      let at = 0;
      for (let channel = n * channels; channel < (n + 1) * channels; channel++) {
        for (let ky = 0; ky < kernelHeight; ky++) {
          const iy = firstY + ky * dilationY;
          for (let kx = 0; kx < kernelWidth; kx++, at++) {
            const ix = firstX + kx * dilationX;
            if (iy < 0 || iy >= inHeight || ix < 0 || ix >= inWidth) continue;
            patch[at] = x.data[(channel * inHeight + iy) * inWidth + ix] ?? 0;
          }
        }
      }
      found.push(patch);
    }
  }
  return found;
}
