import { zeros, type Shape, type Tensor } from '../tensor.ts';
import { evaluateActivation, type Activation } from './activation.ts';
import { broadcastShapes, broadcastStrides } from './broadcast.ts';
import { dot, forEachIndex, valueAt } from './elements.ts';
import { requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/** Functions of two values. */
export type BinaryFunction = 'add' | 'div' | 'max' | 'min' | 'mul' | 'pow' | 'sub';

/** An elementwise function of two operands `a`, `b`, broadcast as in NumPy; result `y`. */
export interface BinaryOperator {
  readonly kind: 'binary';
  readonly function: BinaryFunction;
  readonly activation?: Activation;
}

function evaluateBinary(name: BinaryFunction, a: number, b: number): number {
  switch (name) {
    case 'add':
      return a + b;
    case 'div':
      return a / b;
    case 'max':
      return Math.max(a, b);
    case 'min':
      return Math.min(a, b);
    case 'mul':
      return a * b;
    case 'pow':
      return Math.pow(a, b);
    case 'sub':
      return a - b;
  }
}

function inferShapes(_op: BinaryOperator, inputs: readonly (Shape | null)[]): Shape[] {
  return [broadcastShapes(requireOperand(inputs, 0, 'a'), requireOperand(inputs, 1, 'b'))];
}

function reference(op: BinaryOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const a = requireOperand(inputs, 0, 'a');
  const b = requireOperand(inputs, 1, 'b');
  const output = zeros(broadcastShapes(a.shape, b.shape));
  const stridesA = broadcastStrides(a.shape, output.shape);
  const stridesB = broadcastStrides(b.shape, output.shape);
  const rank = output.shape.length;
  forEachIndex(output.shape, (index, position) => {
    const valueA = valueAt(a.data, dot(index, 0, stridesA, 0, rank));
    const valueB = valueAt(b.data, dot(index, 0, stridesB, 0, rank));
    const value = evaluateBinary(op.function, valueA, valueB);
    output.data[position] = op.activation ? evaluateActivation(op.activation, value) : value;
  });
  return [output];
}

/** Elementwise function of two operands: `y = activation(function(a, b))`. */
export const binary: OperatorDefinition<BinaryOperator> = {
  kind: 'binary',
  operands: ['a', 'b'],
  results: ['y'],
  inferShapes,
  reference,
  macs: () => 0,
  weightMatrices: () => [],
};
