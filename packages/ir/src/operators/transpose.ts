import { GrimError } from '../errors.ts';
import { formatShape, rowMajorStrides, zeros, type Shape, type Tensor } from '../tensor.ts';
import { forEachIndex, valueAt } from './elements.ts';
import { requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/** Permutes dimensions: output dimension `d` is input dimension `permutation[d]`. */
export interface TransposeOperator {
  readonly kind: 'transpose';
  readonly permutation: readonly number[];
}

function inferShapes(op: TransposeOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const x = requireOperand(inputs, 0, 'x');
  const complete = x.every((_, axis) => op.permutation.includes(axis));
  if (op.permutation.length !== x.length || !complete) {
    throw new GrimError(`permutation ${formatShape(op.permutation)} does not fit ${formatShape(x)}`);
  }
  return [op.permutation.map((axis) => valueAt(x, axis))];
}

function reference(op: TransposeOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const [shape = []] = inferShapes(op, [x.shape]);
  const output = zeros(shape);
  const strides = rowMajorStrides(x.shape);
  forEachIndex(shape, (index, position) => {
    let source = 0;
    index.forEach((along, axis) => {
      source += along * valueAt(strides, valueAt(op.permutation, axis));
    });
    output.data[position] = valueAt(x.data, source);
  });
  return [output];
}

/** A permutation of dimensions. */
export const transpose: OperatorDefinition<TransposeOperator> = {
  kind: 'transpose',
  operands: ['x'],
  results: ['y'],
  inferShapes,
  reference,
  macs: () => 0,
  weightMatrices: () => [],
};
