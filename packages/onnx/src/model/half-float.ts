const bits = new Uint32Array(1);
const asFloat = new Float32Array(bits.buffer);

/** The value of an IEEE 754 binary16 number given its 16 bits. */
export function float16Value(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The value of a bfloat16 number given its 16 bits: the upper half of a binary32 number. */
export function bfloat16Value(half: number): number {
  bits[0] = half << 16;
  return asFloat[0] ?? 0;
}
