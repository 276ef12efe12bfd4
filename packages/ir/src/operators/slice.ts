import { GrimError } from '../errors.ts';
import { formatShape, rowMajorStrides, zeros, type Shape, type Tensor } from '../tensor.ts';
import { forEachIndex, valueAt } from './elements.ts';
import { requireIntegers, requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/** Takes `sizes[d]` elements per dimension from `starts[d]`, every `steps[d]`-th (a step may be negative). */
export interface SliceOperator {
  readonly kind: 'slice';
  /** First index per dimension, from 0 to extent − 1. */
  readonly starts: readonly number[];
  /** Output extent per dimension. */
  readonly sizes: readonly number[];
  /** Non-zero step per dimension. */
  readonly steps: readonly number[];
}

function inferShapes(op: SliceOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const x = requireOperand(inputs, 0, 'x');
  requireIntegers(op.starts, x.length, 0, 'starts');
  requireIntegers(op.sizes, x.length, 1, 'sizes');
  requireIntegers(op.steps, x.length, -Number.MAX_SAFE_INTEGER, 'steps');
  x.forEach((extent, axis) => {
    const first = valueAt(op.starts, axis);
    const step = valueAt(op.steps, axis);
    const last = first + (valueAt(op.sizes, axis) - 1) * step;
    if (step === 0 || first >= extent || last < 0 || last >= extent) {
      throw new GrimError(
        `slice from ${formatShape(op.starts)} of ${formatShape(op.sizes)} by ${formatShape(op.steps)} ` +
          `leaves ${formatShape(x)} on axis ${axis}`,
      );
    }
  });
  return [op.sizes];
}

function reference(op: SliceOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const [shape = []] = inferShapes(op, [x.shape]);
  const output = zeros(shape);
  const strides = rowMajorStrides(x.shape);
  forEachIndex(shape, (index, position) => {
    let source = 0;
    index.forEach((along, axis) => {
      source += (valueAt(op.starts, axis) + along * valueAt(op.steps, axis)) * valueAt(strides, axis);
    });
    output.data[position] = valueAt(x.data, source);
  });
  return [output];
}

/** A regular part of a tensor, possibly reversed. */
export const slice: OperatorDefinition<SliceOperator> = {
  kind: 'slice',
  operands: ['x'],
  results: ['y'],
  inferShapes,
  reference,
  macs: () => 0,
  weightMatrices: () => [],
};
