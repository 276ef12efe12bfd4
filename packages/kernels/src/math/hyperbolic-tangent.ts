import {
  add,
  binary,
  bitcast,
  compare,
  divide,
  float,
  integerVector,
  multiply,
  multiplyAdd,
  select,
  subtract,
  unary,
} from '../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { exponential } from './exponential.ts';
import { polynomial } from './polynomial.ts';

// (tanh x / x − 1) / x² as a polynomial in x² on |x| ≤ 0.64, interpolated at Chebyshev nodes; relative error below 2e-8.
const COEFFICIENTS = [
  -0.33333327864049456, 0.1333266347952403, -0.05383514126453663, 0.020924148182592774,
  -0.0059929612543550585,
];
const SMALL = 0.625;

/** `tanh x` for four lanes; relative error at most 3e-7, odd, ±1 at ±∞, NaN stays NaN. */
export function hyperbolicTangent(builder: KernelBuilder, x: Expression): Expression {
  const argument = builder.declare('tanhX', x);
  const magnitude = builder.declare('tanhAbs', unary('abs', argument));
  const square = builder.declare('tanhSquare', multiply(argument, argument));
  const near = multiplyAdd(multiply(argument, square), polynomial(square, COEFFICIENTS), argument);
  const power = exponential(builder, add(magnitude, magnitude));
  const far = subtract(float(1), divide(float(2), add(power, float(1))));
  const sign = binary('and', bitcast('i32x4', argument), integerVector(-0x80000000));
  const signed = bitcast('f32x4', binary('or', bitcast('i32x4', far), sign));
  return builder.declare('tanh', select(compare('lt', magnitude, float(SMALL)), near, signed));
}
