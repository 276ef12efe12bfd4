import {
  add,
  binary,
  bitcast,
  convert,
  float,
  integer,
  integerVector,
  maximum,
  minimum,
  multiply,
  multiplyAdd,
  subtract,
  unary,
} from '../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { polynomial } from './polynomial.ts';

// ln 2 in two parts: the first has few enough bits that n · HIGH is exact for every n in use.
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.1219444005471377e-4;

// (eʳ − 1 − r) / r² on |r| ≤ ln 2 / 2, interpolated at Chebyshev nodes; relative error of eʳ below 1e-8.
const COEFFICIENTS = [
  0.5, 0.16666576666119928, 0.041666554212985055, 0.008363232883684775, 0.0013926250831491971,
];

/**
 * `eˣ` for four lanes: x = n·ln 2 + r, then 2ⁿ·eʳ.
 *
 * At most 2 units in the last place from the true value where the result is normal; overflow gives infinity,
 * underflow goes through the denormals to 0, NaN stays NaN.
 */
export function exponential(builder: KernelBuilder, x: Expression): Expression {
  const clamped = builder.declare('expX', maximum(minimum(x, float(89)), float(-104)));
  const n = builder.declare('expN', unary('nearest', multiply(clamped, float(Math.LOG2E))));
  const high = multiplyAdd(n, float(-LN2_HIGH), clamped);
  const r = builder.declare('expR', multiplyAdd(n, float(-LN2_LOW), high));
  const series = multiplyAdd(multiply(r, r), polynomial(r, COEFFICIENTS), add(r, float(1)));
  // 2ⁿ as the product of two powers, so that neither leaves the range of normal numbers.
  const whole = builder.declare('expI', convert('i32x4', n));
  const half = builder.declare('expHalf', binary('shiftRight', whole, integer(1)));
  const powerOfTwo = (exponent: Expression): Expression =>
    bitcast('f32x4', binary('shiftLeft', add(exponent, integerVector(127)), integer(23)));
  return builder.declareTranscendental(
    'exp',
    'exp',
    multiply(multiply(series, powerOfTwo(half)), powerOfTwo(subtract(whole, half))),
  );
}
