/** The first place where two arrays differ by more than the tolerance. */
export interface Difference {
  /** Run of the model, from 0. */
  readonly frame: number;
  /** Position in row-major order. */
  readonly index: number;
  /** `null` for a value that is not finite. */
  readonly actual: number | null;
  readonly expected: number | null;
}

/** How two arrays compare. */
export interface Comparison {
  /** Greatest absolute difference; infinite where one value is finite and the other is not. */
  readonly maxAbsError: number;
  readonly firstDifference: Difference | null;
}

/**
 * Compares arrays element by element. Two values agree when they differ by at most `tolerance`, or by at most `tolerance`
 * times the greatest finite magnitude that is expected anywhere in the array where that is above 1: the error of a sum
 * grows with its terms, not with what is left of them. Two NaNs agree, and so do equal infinities.
 *
 * @param actual - Values of any shape, row-major.
 * @param expected - As many.
 */
export function compareValues(
  actual: Float32Array,
  expected: Float32Array,
  tolerance: number,
  frame: number,
): Comparison {
  const scale = expected.reduce(
    (greatest, value) => (Number.isFinite(value) ? Math.max(greatest, Math.abs(value)) : greatest),
    1,
  );
  const allowed = tolerance * scale;
  let maxAbsError = 0;
  let firstDifference: Difference | null = null;
  for (const [index, got] of actual.entries()) {
    const want = expected[index] ?? Number.NaN;
    const error = Object.is(got, want) || got === want ? 0 : Math.abs(got - want);
    const size = Number.isNaN(error) ? Infinity : error;
    maxAbsError = Math.max(maxAbsError, size);
    if (firstDifference === null && !(size <= allowed && size < Infinity)) {
      firstDifference = { frame, index, actual: finiteOrNull(got), expected: finiteOrNull(want) };
    }
  }
  return { maxAbsError, firstDifference };
}

/** A number as JSON can hold it. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
