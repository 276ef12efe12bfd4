import { GrimError } from '../errors.ts';
import { elementCount, formatShape, zeros, type Shape, type Tensor } from '../tensor.ts';
import { valueAt } from './elements.ts';
import { requireIntegers, requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/** Functions that combine the elements of a window. */
export type PoolFunction = 'average' | 'max';

/**
 * Combines the elements of sliding windows over one or two spatial dimensions, in channels-first layout.
 *
 * Operand: `x [N,C,...S]`. Result: `y [N,C,...O]`. What lies outside the input never wins a maximum; an average counts it as
 * zeros where `countIncludePad` is set and leaves it out otherwise.
 */
export interface PoolOperator {
  readonly kind: 'pool';
  readonly function: PoolFunction;
  /** Extent of the window per spatial dimension. */
  readonly kernel: readonly number[];
  /** Step per spatial dimension. */
  readonly strides: readonly number[];
  /** Elements that the first window starts before the input, per spatial dimension; less than the window spans. */
  readonly padsBegin: readonly number[];
  /** Elements that windows may reach past the input, per spatial dimension; less than the window spans. */
  readonly padsEnd: readonly number[];
  /** Distance between the elements of a window per spatial dimension. */
  readonly dilations: readonly number[];
  /** Whether an average divides by the size of the whole window even where it leaves the input. */
  readonly countIncludePad: boolean;
}

const spanOf = (op: PoolOperator, axis: number): number =>
  valueAt(op.dilations, axis) * (valueAt(op.kernel, axis) - 1) + 1;

/** Refuses attributes with which a window could lie outside the input altogether: it would have no value. */
function requireAttributes(op: PoolOperator, spatial: Shape): void {
  const rank = op.kernel.length;
  requireIntegers(op.kernel, rank, 1, 'kernel');
  requireIntegers(op.strides, rank, 1, 'strides');
  requireIntegers(op.padsBegin, rank, 0, 'padsBegin');
  requireIntegers(op.padsEnd, rank, 0, 'padsEnd');
  requireIntegers(op.dilations, rank, 1, 'dilations');
  spatial.forEach((extent, axis) => {
    const pads = [valueAt(op.padsBegin, axis), valueAt(op.padsEnd, axis)];
    const gap = valueAt(op.kernel, axis) > 1 && valueAt(op.dilations, axis) > extent;
    if (Math.max(...pads) >= spanOf(op, axis) || (gap && Math.max(...pads) > 0)) {
      throw new GrimError(
        `pool windows ${formatShape(op.kernel)} with dilations ${formatShape(op.dilations)} and pads ` +
          `${formatShape(op.padsBegin)}, ${formatShape(op.padsEnd)} can lie outside the input ${formatShape(spatial)}`,
      );
    }
  });
}

function inferShapes(op: PoolOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const x = requireOperand(inputs, 0, 'x');
  const [batch = 0, channels = 0, ...spatial] = x;
  if (op.kernel.length !== 1 && op.kernel.length !== 2) {
    throw new GrimError(`pool over ${op.kernel.length} dimensions is not supported, only 1 or 2`);
  }
  if (x.length !== op.kernel.length + 2) {
    throw new GrimError(
      `pool over ${op.kernel.length} dimension(s) needs an input of rank ${op.kernel.length + 2}, got ${formatShape(x)}`,
    );
  }
  requireAttributes(op, spatial);
  const output = spatial.map((extent, axis) => {
    const padded = extent + valueAt(op.padsBegin, axis) + valueAt(op.padsEnd, axis);
    return Math.floor((padded - spanOf(op, axis)) / valueAt(op.strides, axis)) + 1;
  });
  if (output.some((extent) => extent < 1)) {
    throw new GrimError(
      `pool window ${formatShape(op.kernel)} does not fit the padded input ${formatShape(x)}`,
    );
  }
  return [[batch, channels, ...output]];
}

/** Indices of the input that the window at an output position covers along one axis. */
function covered(op: PoolOperator, axis: number, position: number, extent: number): number[] {
  const dilation = valueAt(op.dilations, axis);
  const start = position * valueAt(op.strides, axis) - valueAt(op.padsBegin, axis);
  const indices: number[] = [];
  const end = Math.min(extent, start + spanOf(op, axis));
  for (let i = start < 0 ? start + Math.ceil(-start / dilation) * dilation : start; i < end; i += dilation) {
    indices.push(i);
  }
  return indices;
}

function reference(op: PoolOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const [shape = []] = inferShapes(op, [x.shape]);
  const output = zeros(shape);
  const planes = valueAt(shape, 0) * valueAt(shape, 1);
  // One dimension is two with a height of 1.
  const flat = op.kernel.length === 1;
  const [inHeight, inWidth] = flat ? [1, valueAt(x.shape, 2)] : [valueAt(x.shape, 2), valueAt(x.shape, 3)];
  const [outHeight, outWidth] = flat ? [1, valueAt(shape, 2)] : [valueAt(shape, 2), valueAt(shape, 3)];
  const window = op.kernel.reduce((product, extent) => product * extent, 1);
  for (let oy = 0; oy < outHeight; oy++) {
    const ys = flat ? [0] : covered(op, 0, oy, inHeight);
    for (let ox = 0; ox < outWidth; ox++) {
      const xs = covered(op, flat ? 0 : 1, ox, inWidth);
      for (let plane = 0; plane < planes; plane++) {
        let sum = 0;
        let largest = -Infinity;
        for (const iy of ys) {
          for (const ix of xs) {
            const value = valueAt(x.data, (plane * inHeight + iy) * inWidth + ix);
            sum += value;
            largest = Math.max(largest, value);
          }
        }
        const count = op.countIncludePad ? window : ys.length * xs.length;
        output.data[(plane * outHeight + oy) * outWidth + ox] = op.function === 'max' ? largest : sum / count;
      }
    }
  }
  return [output];
}

/** Maximum or average of sliding windows; NaN in a window gives NaN. */
export const pool: OperatorDefinition<PoolOperator> = {
  kind: 'pool',
  operands: ['x'],
  results: ['y'],
  inferShapes,
  reference,
  // Taking in one element counts as one multiply-add, so that limits on the work of folding constants hold.
  macs: (op, _inputs, outputs) => elementCount(requireOperand(outputs, 0, 'y')) * elementCount(op.kernel),
  weightMatrices: () => [],
};
