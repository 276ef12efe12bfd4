/**
 * Half precision (IEEE 754 binary16) in a language that has none: a half is a number that is rounded to 11 bits, as a 32-bit float is
 * one that went through `Math.fround`.
 */

const scratch = new DataView(new ArrayBuffer(8));

/** The largest finite half. */
export const LARGEST_HALF = 65504;

/** The smallest half with all its bits, 2⁻¹⁴; smaller ones are denormal. */
export const SMALLEST_NORMAL_HALF = 2 ** -14;

/** The distance between neighbouring denormal halves, 2⁻²⁴. */
const DENORMAL_STEP = 2 ** -24;

/** Magnitudes from half a step above {@link LARGEST_HALF} on round to infinity. */
const OVERFLOW = 65520;

/** The distance between the halves around a number that is finite as a half. */
function stepOf(magnitude: number): number {
  if (magnitude < SMALLEST_NORMAL_HALF) return DENORMAL_STEP;
  scratch.setFloat64(0, magnitude);
  const exponent = ((scratch.getUint16(0) >>> 4) & 0x7ff) - 1023;
  return 2 ** (exponent - 10);
}

/**
 * The half that is nearest to a number, the even one of two that are as near.
 *
 * Sums, differences, products, quotients and square roots of halves that are computed in double precision and then rounded here are
 * correctly rounded: 53 bits are more than twice 11 plus 2. A product of two halves and a half summed is, too.
 */
export function roundToHalf(value: number): number {
  const magnitude = Math.abs(value);
  // Zeros keep their sign, NaN and infinities are what they are.
  if (!(magnitude > 0 && magnitude < Infinity)) return value;
  if (magnitude >= OVERFLOW) return value < 0 ? -Infinity : Infinity;
  // Beyond 2⁵² steps a double has no fraction of a step: the sum is rounded to whole ones.
  const whole = stepOf(magnitude) * 2 ** 52;
  const rounded = magnitude + whole - whole;
  return value < 0 ? -rounded : rounded;
}

/** The 16 bits of a half; NaN becomes the quiet one without payload. */
export function halfToBits(half: number): number {
  if (Number.isNaN(half)) return 0x7e00;
  const sign = half < 0 || Object.is(half, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(half);
  if (magnitude === Infinity) return sign | 0x7c00;
  if (magnitude < SMALLEST_NORMAL_HALF) return sign | (magnitude / DENORMAL_STEP);
  const step = stepOf(magnitude);
  // A normal half is 1024 to 2047 steps; the steps of exponent field 1 are those of denormals.
  return sign | ((Math.log2(step / DENORMAL_STEP) << 10) + magnitude / step);
}

/** The half of 16 bits. */
export function halfFromBits(bits: number): number {
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction : fraction + 1024) * 2 ** (Math.max(exponent, 1) - 25);
}

/** Numbers rounded to halves, as their bits. */
export function toHalves(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, (value) => halfToBits(roundToHalf(value)));
}

/** The halves of 16 bits each as floats. */
export function fromHalves(bits: ArrayLike<number>): Float32Array {
  return Float32Array.from(bits, halfFromBits);
}
