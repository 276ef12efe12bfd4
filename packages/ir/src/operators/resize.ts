import { GrimError } from '../errors.ts';
import { elementCount, formatShape, zeros, type Shape, type Tensor } from '../tensor.ts';
import { valueAt } from './elements.ts';
import { requireIntegers, requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';
import { resizeTaps, type ResizeTap } from './resize-taps.ts';

/**
 * Which place of the input an output index stands for, along an axis of extent `I` that becomes `O` with `scale`:
 * `alignCorners` `x · (I − 1) / (O − 1)`; `asymmetric` `x / scale`; `halfPixel` `(x + ½) / scale − ½`;
 * `pytorchHalfPixel` the same, but 0 where `O` is 1.
 */
export type ResizeCoordinates = 'alignCorners' | 'asymmetric' | 'halfPixel' | 'pytorchHalfPixel';

/** What stands at a place between elements: their weighted mean, or one of them by a rule of rounding (ties by name). */
export type ResizeInterpolation =
  'linear' | 'nearestCeil' | 'nearestFloor' | 'nearestRoundPreferCeil' | 'nearestRoundPreferFloor';

/**
 * Resamples one or two spatial dimensions, in channels-first layout; places outside the input are its border.
 *
 * Operand: `x [N,C,...S]`. Result: `y [N,C,...sizes]`.
 */
export interface ResizeOperator {
  readonly kind: 'resize';
  readonly interpolation: ResizeInterpolation;
  readonly coordinates: ResizeCoordinates;
  /** Output extent per spatial dimension. */
  readonly sizes: readonly number[];
  /** Output elements per input element along each spatial dimension; what {@link ResizeCoordinates} divide by. */
  readonly scales: readonly number[];
}

function inferShapes(op: ResizeOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const x = requireOperand(inputs, 0, 'x');
  const rank = op.sizes.length;
  if (rank !== 1 && rank !== 2) {
    throw new GrimError(`resize of ${rank} dimensions is not supported, only of 1 or 2`);
  }
  if (x.length !== rank + 2) {
    throw new GrimError(
      `resize of ${rank} dimension(s) needs an input of rank ${rank + 2}, got ${formatShape(x)}`,
    );
  }
  requireIntegers(op.sizes, rank, 1, 'sizes');
  if (op.scales.length !== rank || op.scales.some((scale) => !(scale > 0 && Number.isFinite(scale)))) {
    throw new GrimError(
      `attribute scales must hold ${rank} positive number(s), got ${formatShape(op.scales)}`,
    );
  }
  return [[...x.slice(0, 2), ...op.sizes]];
}

/** Elements with their share of the result; one that counts alone is not mixed with 0 times another, which may be infinite. */
function shares({ lower, upper, weight }: ResizeTap): (readonly [index: number, weight: number])[] {
  if (lower === upper) return [[lower, 1]];
  return [
    [lower, 1 - weight],
    [upper, weight],
  ];
}

function reference(op: ResizeOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const [shape = []] = inferShapes(op, [x.shape]);
  const output = zeros(shape);
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  const taps = spatial.map((extent, axis) => resizeTaps(op, axis, extent));
  // One dimension is two with a height of 1.
  const [rows = [], columns = []] = taps.length === 1 ? [[{ lower: 0, upper: 0, weight: 0 }], ...taps] : taps;
  const [height = 0, width = 0] = spatial.length === 1 ? [1, ...spatial] : spatial;
  for (let plane = 0; plane < batch * channels; plane++) {
    rows.forEach((row, oy) => {
      columns.forEach((column, ox) => {
        let sum = 0;
        for (const [iy, down] of shares(row)) {
          for (const [ix, across] of shares(column)) {
            sum += down * across * valueAt(x.data, (plane * height + iy) * width + ix);
          }
        }
        output.data[(plane * rows.length + oy) * columns.length + ox] = sum;
      });
    });
  }
  return [output];
}

/** Resampling by the nearest element or linearly; an element that is met exactly comes out as it is. */
export const resize: OperatorDefinition<ResizeOperator> = {
  kind: 'resize',
  operands: ['x'],
  results: ['y'],
  inferShapes,
  reference,
  // Taking in one element counts as one multiply-add, so that limits on the work of folding constants hold.
  macs: (op, _inputs, outputs) =>
    elementCount(requireOperand(outputs, 0, 'y')) *
    (op.interpolation === 'linear' ? 2 ** op.sizes.length : 1),
  weightMatrices: () => [],
};
