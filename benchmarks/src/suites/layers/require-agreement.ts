/** Differences beyond this share of the largest value are no rounding. */
const TOLERANCE = 1e-4;

/**
 * Throws unless two engines computed the same but for rounding: a fast wrong answer is no result.
 *
 * @param tolerance - Share of the largest value that values may differ by.
 */
export function requireAgreement(
  what: string,
  computed: Float32Array,
  expected: Float32Array,
  tolerance = TOLERANCE,
): void {
  if (computed.length !== expected.length) {
    throw new Error(`${what}: ${computed.length} values, expected ${expected.length}`);
  }
  let largest = 0;
  for (const value of expected) largest = Math.max(largest, Math.abs(value));
  for (const [index, value] of computed.entries()) {
    const difference = Math.abs(value - (expected[index] ?? Number.NaN));
    if (!(difference <= tolerance * largest)) {
      throw new Error(`${what}: value ${index} is ${value}, expected ${expected[index] ?? 'none'}`);
    }
  }
}
