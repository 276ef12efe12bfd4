import { expect } from 'vitest';

/**
 * Results may differ from the double-precision reference by rounding: 2e-5 of the largest finite value in the tensor, or of 1.
 * NaN and infinities may not.
 */
export function expectClose(actual: Float32Array, expected: Float32Array, what: string): void {
  expect(actual.length).toBe(expected.length);
  const scale = expected
    .filter(Number.isFinite)
    .reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  expected.forEach((value, index) => {
    const computed = actual[index] ?? NaN;
    const isClose = Number.isFinite(value)
      ? Math.abs(computed - value) <= 2e-5 * scale
      : Object.is(computed, value);
    if (!isClose)
      throw new Error(`${what}[${String(index)}]: ${String(computed)}, expected ${String(value)}`);
  });
}
