import { operatorDefinition, type Operator, type Shape, type Tensor } from '../../src/index.ts';

/** The results of an operator's reference implementation. */
export function runOperator(op: Operator, ...inputs: (Tensor | null)[]): Tensor[] {
  return operatorDefinition(op.kind).reference(op, inputs);
}

/** The first result of an operator's reference implementation. */
export function runFirst(op: Operator, ...inputs: (Tensor | null)[]): Tensor {
  const [result] = runOperator(op, ...inputs);
  if (!result) throw new RangeError(`${op.kind} has no result`);
  return result;
}

/** The result shapes of an operator. */
export function shapesOf(op: Operator, ...inputs: (Shape | null)[]): Shape[] {
  return operatorDefinition(op.kind).inferShapes(op, inputs);
}
