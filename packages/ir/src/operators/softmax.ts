import { elementCount, zeros, type Shape, type Tensor } from '../tensor.ts';
import { valueAt } from './elements.ts';
import { requireAxis, requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/** Exponentials along one axis, scaled so that they sum to 1. */
export interface SoftmaxOperator {
  readonly kind: 'softmax';
  /** Axis from 0 to rank − 1. */
  readonly axis: number;
}

function inferShapes(op: SoftmaxOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const x = requireOperand(inputs, 0, 'x');
  requireAxis(op.axis, x);
  return [x];
}

function reference(op: SoftmaxOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  inferShapes(op, [x.shape]);
  const output = zeros(x.shape);
  const extent = valueAt(x.shape, op.axis);
  const stride = elementCount(x.shape.slice(op.axis + 1));
  const rows = elementCount(x.shape) / extent;
  for (let row = 0; row < rows; row++) {
    const start = Math.floor(row / stride) * extent * stride + (row % stride);
    const places = Array.from({ length: extent }, (_, index) => start + index * stride);
    const largest = places.reduce((most, place) => Math.max(most, valueAt(x.data, place)), -Infinity);
    const powers = places.map((place) => Math.exp(valueAt(x.data, place) - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    places.forEach((place, index) => (output.data[place] = valueAt(powers, index) / sum));
  }
  return [output];
}

/** `y[i] = exp(x[i] − max x) / Σ exp(x[j] − max x)` along an axis. */
export const softmax: OperatorDefinition<SoftmaxOperator> = {
  kind: 'softmax',
  operands: ['x'],
  results: ['y'],
  inferShapes,
  reference,
  macs: () => 0,
  weightMatrices: () => [],
};
