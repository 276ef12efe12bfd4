import { float, multiplyAdd } from '../kernel-ir/expressions.ts';
import type { Expression } from '../kernel-ir/types.ts';

/** Horner's rule: `c[0] + c[1]·x + c[2]·x² + …` for vectors. `x` must be a name, since it is used repeatedly. */
export function polynomial(x: Expression, coefficients: readonly number[]): Expression {
  return coefficients
    .map((coefficient) => float(coefficient))
    .reduceRight((sum, coefficient) => multiplyAdd(sum, x, coefficient));
}
