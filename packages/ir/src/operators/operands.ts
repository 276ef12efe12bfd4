import { GrimError } from '../errors.ts';
import { formatShape, type Shape } from '../tensor.ts';

/** The operand at `position`, which must be present; `name` is what the message calls it. */
export function requireOperand<T>(inputs: readonly (T | null)[], position: number, name: string): T {
  const operand = inputs[position];
  if (operand === undefined || operand === null) throw new GrimError(`operand ${name} is missing`);
  return operand;
}

/** Refuses an operand whose shape is not exactly `expected`; absent operands pass. */
export function requireShape(actual: Shape | null | undefined, expected: Shape, name: string): void {
  if (!actual) return;
  if (actual.length !== expected.length || actual.some((extent, axis) => extent !== expected[axis])) {
    throw new GrimError(`operand ${name} must be ${formatShape(expected)}, got ${formatShape(actual)}`);
  }
}

/** Refuses an attribute that is not a list of `length` integers of at least `minimum`. */
export function requireIntegers(
  values: readonly number[],
  length: number,
  minimum: number,
  name: string,
): void {
  if (values.length !== length) {
    throw new GrimError(`attribute ${name} needs ${length} value(s), got ${formatShape(values)}`);
  }
  if (values.some((value) => !Number.isSafeInteger(value) || value < minimum)) {
    throw new GrimError(
      `attribute ${name} must hold integers of at least ${minimum}, got ${formatShape(values)}`,
    );
  }
}

/** Refuses an axis that is not an integer from 0 to `rank` − 1. */
export function requireAxis(axis: number, shape: Shape): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length) {
    throw new GrimError(`axis ${axis} is outside shape ${formatShape(shape)}`);
  }
}
