import type { Expression } from './types.ts';

/** An expression with other operands, the address of a load among them. */
export function mapOperands(expression: Expression, map: (operand: Expression) => Expression): Expression {
  if ('operand' in expression) return { ...expression, operand: map(expression.operand) };
  if ('mask' in expression) {
    const { mask, whenTrue, whenFalse } = expression;
    return { ...expression, mask: map(mask), whenTrue: map(whenTrue), whenFalse: map(whenFalse) };
  }
  if ('addend' in expression) {
    const { left, right, addend } = expression;
    return { ...expression, left: map(left), right: map(right), addend: map(addend) };
  }
  if ('left' in expression) {
    return { ...expression, left: map(expression.left), right: map(expression.right) };
  }
  return 'address' in expression ? { ...expression, address: map(expression.address) } : expression;
}
