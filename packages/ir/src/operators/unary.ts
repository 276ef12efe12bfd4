import type { Shape, Tensor } from '../tensor.ts';
import { evaluateActivation, type Activation } from './activation.ts';
import { requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/** A function applied to every element: operand `x`, result `y` of the same shape. */
export interface UnaryOperator {
  readonly kind: 'unary';
  readonly activation: Activation;
}

function inferShapes(_op: UnaryOperator, inputs: readonly (Shape | null)[]): Shape[] {
  return [requireOperand(inputs, 0, 'x')];
}

function reference(op: UnaryOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  return [{ shape: x.shape, data: x.data.map((value) => evaluateActivation(op.activation, value)) }];
}

/** Elementwise function: `y = activation(x)`. */
export const unary: OperatorDefinition<UnaryOperator> = {
  kind: 'unary',
  operands: ['x'],
  results: ['y'],
  inferShapes,
  reference,
  macs: () => 0,
  weightMatrices: () => [],
};
