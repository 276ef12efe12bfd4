import type { Activation, UnaryFunction } from '@grim/ir';

import {
  add,
  compare,
  divide,
  float,
  maximum,
  minimum,
  multiply,
  multiplyAdd,
  select,
  unary,
} from '../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { exponential } from './exponential.ts';
import { hyperbolicTangent } from './hyperbolic-tangent.ts';
import { logarithm } from './logarithm.ts';

type Emit = (builder: KernelBuilder, x: Expression, activation: Activation) => Expression;

/** NaN stays NaN. */
const clampToUnit = (x: Expression): Expression => maximum(float(0), minimum(float(1), x));

const emitters = {
  abs: (_builder, x) => unary('abs', x),
  exp: exponential,
  hardSigmoid: (_builder, x, { alpha = 0.2, beta = 0.5 }) =>
    clampToUnit(multiplyAdd(x, float(alpha), float(beta))),
  hardSwish: (_builder, x) => multiply(x, clampToUnit(multiplyAdd(x, float(1 / 6), float(0.5)))),
  leakyRelu: (_builder, x, { alpha = 0.01 }) =>
    select(compare('lt', x, float(0)), multiply(x, float(alpha)), x),
  log: logarithm,
  neg: (_builder, x) => unary('neg', x),
  // A maximum, not a comparison and a choice: NaN stays NaN, as ONNX asks.
  relu: (_builder, x) => maximum(float(0), x),
  // 1 / (1 + e⁻ˣ); e⁻ˣ overflows to infinity for very negative x, which gives 0 where the exact result is below 2⁻¹²⁸.
  sigmoid: (builder, x) =>
    builder.declare('sigmoid', divide(float(1), add(float(1), exponential(builder, unary('neg', x))))),
  sqrt: (_builder, x) => unary('sqrt', x),
  square: (_builder, x) => multiply(x, x),
  tanh: hyperbolicTangent,
} satisfies Record<UnaryFunction, Emit>;

/** Emits an activation of four lanes. `x` is named first, so that it may be any expression. */
export function emitActivation(
  builder: KernelBuilder,
  activation: Activation | undefined,
  x: Expression,
): Expression {
  if (!activation) return x;
  const emit: Emit = emitters[activation.function];
  return emit(builder, builder.declare('x', x), activation);
}
