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
  narrow,
  select,
  unary,
  widen,
} from '../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { isFloat } from '../kernel-ir/value-types.ts';
import { exponential } from './exponential.ts';
import { hyperbolicTangent } from './hyperbolic-tangent.ts';
import { logarithm } from './logarithm.ts';

type Emit = (builder: KernelBuilder, x: Expression, activation: Activation) => Expression;

/** A constant of the type of another value. */
const like = ({ type }: Expression, value: number): Expression =>
  float(value, isFloat(type) ? type : 'f32x4');

/** NaN stays NaN. */
const clampToUnit = (x: Expression): Expression => maximum(float(0), minimum(float(1), x));

const emitters = {
  abs: (_builder, x) => unary('abs', x),
  exp: exponential,
  hardSigmoid: (_builder, x, { alpha = 0.2, beta = 0.5 }) =>
    clampToUnit(multiplyAdd(x, float(alpha), float(beta))),
  hardSwish: (_builder, x) => multiply(x, clampToUnit(multiplyAdd(x, float(1 / 6), float(0.5)))),
  leakyRelu: (_builder, x, { alpha = 0.01 }) =>
    select(compare('lt', x, like(x, 0)), multiply(x, like(x, alpha)), x),
  log: logarithm,
  neg: (_builder, x) => unary('neg', x),
  // A maximum, not a comparison and a choice: NaN stays NaN, as ONNX asks.
  relu: (_builder, x) => maximum(like(x, 0), x),
  // 1 / (1 + e⁻ˣ); e⁻ˣ overflows to infinity for very negative x, which gives 0 where the exact result is below 2⁻¹²⁸.
  sigmoid: (builder, x) =>
    builder.declare('sigmoid', divide(float(1), add(float(1), exponential(builder, unary('neg', x))))),
  sqrt: (_builder, x) => unary('sqrt', x),
  square: (_builder, x) => multiply(x, x),
  tanh: hyperbolicTangent,
} satisfies Record<UnaryFunction, Emit>;

/** Functions that are rounded once at most; chains of operations and series are computed in 32 bits. */
const inHalves: ReadonlySet<UnaryFunction> = new Set([
  'abs',
  'leakyRelu',
  'neg',
  'relu',
  'sqrt',
  'square',
] satisfies UnaryFunction[]);

/** Emits an activation of a vector. `x` is named first, so that it may be any expression. */
export function emitActivation(
  builder: KernelBuilder,
  activation: Activation | undefined,
  x: Expression,
): Expression {
  if (!activation) return x;
  const emit: Emit = emitters[activation.function];
  const named = builder.declare('x', x);
  if (x.type !== 'f16x8' || inHalves.has(activation.function)) return emit(builder, named, activation);
  const part = (half: 'low' | 'high'): Expression =>
    builder.declare(half, emit(builder, builder.declare('x', widen(named, half)), activation));
  return narrow(part('low'), part('high'));
}
