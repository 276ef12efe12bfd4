import type { Expression } from './types.ts';

/** The expressions that an expression is made of, the address of a load among them. */
export function operandsOf(expression: Expression): readonly Expression[] {
  if ('operand' in expression) return [expression.operand];
  if ('mask' in expression) return [expression.mask, expression.whenTrue, expression.whenFalse];
  if ('addend' in expression) return [expression.left, expression.right, expression.addend];
  if ('left' in expression) return [expression.left, expression.right];
  return 'address' in expression ? [expression.address] : [];
}
