import { GrimError } from '@grim/ir';
import type { IntegerType } from '../value.ts';

const widths = {
  bool: 1,
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
} satisfies Record<IntegerType, number>;

/** The integer as its type holds it: arithmetic wraps, as it does where models usually run. */
export function wrapInteger(type: IntegerType, value: bigint): bigint {
  if (type === 'bool') return value === 0n ? 0n : 1n;
  if (type === 'uint64') {
    const wrapped = BigInt.asUintN(64, value);
    if (wrapped > 2n ** 63n - 1n)
      throw new GrimError(`uint64 value ${wrapped} is over the limit of 2^63 - 1`);
    return wrapped;
  }
  return type.startsWith('u') ? BigInt.asUintN(widths[type], value) : BigInt.asIntN(widths[type], value);
}

/** `base` to a non-negative power, modulo 2^64: the exponent may be any size. */
export function integerPower(base: bigint, exponent: bigint): bigint {
  if (exponent < 0n) throw new GrimError(`integer power with the negative exponent ${exponent}`);
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(64, result * square);
    square = BigInt.asIntN(64, square * square);
  }
  return result;
}

/** Remainder of integer division; its sign is that of the divisor, or of the dividend when `truncated`. */
export function integerRemainder(a: bigint, b: bigint, truncated: boolean): bigint {
  if (b === 0n) throw new GrimError('integer division by zero');
  const remainder = a % b;
  return !truncated && remainder !== 0n && remainder < 0n !== b < 0n ? remainder + b : remainder;
}
