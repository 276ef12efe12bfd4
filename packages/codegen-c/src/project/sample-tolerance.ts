/** What one rounding in place of two may change in the outputs of a whole model. */
const FUSED_TOLERANCE = 1e-4;

/**
 * What 16-bit floats may change: sums of some thousand products are off by about a hundredth, and layers do not add up theirs, as
 * they are as often too large as too small.
 */
const HALF_TOLERANCE = 0.03;

/**
 * How far the outputs of a model may be from those of 32-bit floats that are rounded separately, relative to 1 or to the greatest
 * value of an output where that is more.
 *
 * @param hasHalves - Whether the model has 16-bit floats between its inputs and outputs.
 * @param isExact - Whether, without those, it gives the same bits.
 */
export function sampleTolerance(hasHalves: boolean, isExact: boolean): number {
  if (hasHalves) return HALF_TOLERANCE;
  return isExact ? 0 : FUSED_TOLERANCE;
}
