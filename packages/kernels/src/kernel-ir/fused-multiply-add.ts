const scratch = new DataView(new ArrayBuffer(8));

/** The neighbour of a finite double that is not zero, towards infinity of its own sign or towards zero. */
function neighbour(value: number, direction: 1 | -1): number {
  scratch.setFloat64(0, value);
  scratch.setBigInt64(0, scratch.getBigInt64(0) + BigInt(direction));
  return scratch.getFloat64(0);
}

/**
 * `left · right + addend` of 32-bit floats or halves as a double that rounds to either type as the exact result does: rounded to odd.
 *
 * The product is exact in double precision. Where the sum is not, it becomes whichever of the two doubles around the exact sum
 * has an odd last bit: that one is no tie of a shorter type and lies on the same side of every tie as the exact sum (Boldo and
 * Melquiond, "Emulation of FMA and correctly rounded sums").
 */
export function fusedMultiplyAdd(left: number, right: number, addend: number): number {
  const product = left * right;
  const sum = product + addend;
  if (!Number.isFinite(sum) || sum === 0) return sum;
  const virtual = sum - product;
  const error = product - (sum - virtual) + (addend - virtual);
  if (error === 0) return sum;
  scratch.setFloat64(0, sum);
  const isOdd = (scratch.getUint8(7) & 1) === 1;
  return isOdd ? sum : neighbour(sum, error > 0 === sum > 0 ? 1 : -1);
}
