import { GrimError } from '../errors.ts';
import { elementCount, formatShape, type Shape, type Tensor } from '../tensor.ts';
import { requireIntegers, requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/** Gives the same elements, in the same row-major order, another shape. */
export interface ReshapeOperator {
  readonly kind: 'reshape';
  readonly shape: readonly number[];
}

function inferShapes(op: ReshapeOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const x = requireOperand(inputs, 0, 'x');
  requireIntegers(op.shape, op.shape.length, 1, 'shape');
  if (elementCount(op.shape) !== elementCount(x)) {
    throw new GrimError(`${formatShape(x)} cannot be reshaped to ${formatShape(op.shape)}`);
  }
  return [op.shape];
}

function reference(op: ReshapeOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  inferShapes(op, [x.shape]);
  return [{ shape: op.shape, data: x.data.slice() }];
}

/** The same elements under another shape. */
export const reshape: OperatorDefinition<ReshapeOperator> = {
  kind: 'reshape',
  operands: ['x'],
  results: ['y'],
  inferShapes,
  reference,
  macs: () => 0,
  weightMatrices: () => [],
};
