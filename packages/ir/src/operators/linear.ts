import { GrimError } from '../errors.ts';
import { elementCount, formatShape, zeros, type Shape, type Tensor } from '../tensor.ts';
import { evaluateActivation, type Activation } from './activation.ts';
import { dot, valueAt } from './elements.ts';
import { requireOperand, requireShape } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';
import { weightMatrix } from './weight-matrix.ts';

/** Matrix product with weights: operands `x [..., K]`, `weights [M, K]`, `bias [M]?`; result `y [..., M]`. */
export interface LinearOperator {
  readonly kind: 'linear';
  /** Applied to every output. */
  readonly activation?: Activation;
  /** Why the weights must stay as they are (they are no result of training); absent when they may be pruned. */
  readonly fixed?: string;
}

function inferShapes(_op: LinearOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const x = requireOperand(inputs, 0, 'x');
  const weights = requireOperand(inputs, 1, 'weights');
  const [rows = 0, columns = 0] = weights;
  if (weights.length !== 2 || x.at(-1) !== columns) {
    throw new GrimError(
      `linear needs x [...,K] and weights [M,K], got ${formatShape(x)} and ${formatShape(weights)}`,
    );
  }
  requireShape(inputs[2], [rows], 'bias');
  return [[...x.slice(0, -1), rows]];
}

function reference(op: LinearOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const weights = requireOperand(inputs, 1, 'weights');
  const bias = inputs[2];
  const [shape = []] = inferShapes(
    op,
    inputs.map((tensor) => tensor?.shape ?? null),
  );
  const output = zeros(shape);
  const [rows = 0, columns = 0] = weights.shape;
  const vectors = output.data.length / rows;
  for (let vector = 0; vector < vectors; vector++) {
    for (let row = 0; row < rows; row++) {
      const product = dot(weights.data, row * columns, x.data, vector * columns, columns);
      const sum = product + (bias ? valueAt(bias.data, row) : 0);
      output.data[vector * rows + row] = op.activation ? evaluateActivation(op.activation, sum) : sum;
    }
  }
  return [output];
}

/** Matrix product: `y[..., m] = activation(bias[m] + Σ x[..., k] · weights[m, k])`. */
export const linear: OperatorDefinition<LinearOperator> = {
  kind: 'linear',
  operands: ['x', 'weights', 'bias?'],
  results: ['y'],
  inferShapes,
  reference,
  macs: (_op, inputs, outputs) =>
    elementCount(requireOperand(outputs, 0, 'y')) * valueAt(requireOperand(inputs, 1, 'weights'), 1),
  weightMatrices: (op, inputs) => [weightMatrix(1, requireOperand(inputs, 1, 'weights'), op.fixed)],
};
