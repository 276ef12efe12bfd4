import {
  add,
  binary,
  bitcast,
  compare,
  convert,
  float,
  integer,
  integerVector,
  multiply,
  multiplyAdd,
  select,
  subtract,
} from '../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { polynomial } from './polynomial.ts';

// (ln(1+f) − f + f²/2) / f³ on √½ ≤ 1+f ≤ √2, interpolated at Chebyshev nodes; relative error of the sum below 4e-9.
const COEFFICIENTS = [
  0.33333331180030057, -0.24999996957950843, 0.2000071574889234, -0.1666780231951076, 0.14249057645701563,
  -0.12425687331213565, 0.11685419923158025, -0.11479733848190224, 0.06971611474374123,
];
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.1219444005471377e-4;
const SMALLEST_NORMAL = 2 ** -126;

/**
 * Natural logarithm for four lanes; at most 2 units in the last place from the true value.
 * −∞ at 0, NaN below 0, ∞ at ∞, denormals included.
 */
export function logarithm(builder: KernelBuilder, x: Expression): Expression {
  const argument = builder.declare('logX', x);
  const isDenormal = builder.declare('logDenormal', compare('lt', argument, float(SMALLEST_NORMAL)));
  const normal = builder.declare(
    'logNormal',
    select(isDenormal, multiply(argument, float(2 ** 23)), argument),
  );
  // Shifting the bits by those of √½ splits x = 2ⁿ·m with m between √½ and √2.
  const rootHalfBits = 0x3f3504f3;
  const shifted = builder.declare('logBits', subtract(bitcast('i32x4', normal), integerVector(rootHalfBits)));
  const exponent = builder.declare('logExponent', binary('shiftRight', shifted, integer(23)));
  const mantissaBits = add(binary('and', shifted, integerVector(0x007fffff)), integerVector(rootHalfBits));
  const f = builder.declare('logF', subtract(bitcast('f32x4', mantissaBits), float(1)));
  const n = builder.declare(
    'logN',
    subtract(convert('f32x4', exponent), select(isDenormal, float(23), float(0))),
  );
  const square = builder.declare('logSquare', multiply(f, f));
  const cubic = multiply(multiply(f, square), polynomial(f, COEFFICIENTS));
  const small = add(multiplyAdd(n, float(LN2_LOW), cubic), multiply(square, float(-0.5)));
  const finite = multiplyAdd(n, float(LN2_HIGH), add(f, small));
  const aboveZero = select(compare('eq', argument, float(Infinity)), argument, finite);
  const atMostZero = select(compare('eq', argument, float(0)), float(-Infinity), float(NaN));
  return builder.declareTranscendental(
    'log',
    'log',
    select(compare('gt', argument, float(0)), aboveZero, atMostZero),
  );
}
