import type { Shape } from '@grim/ir';

/** Integer element types, all held as 64-bit integers within the range of the type. */
export type IntegerType =
  'bool' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64';

/** Real element types. Half types (`float16`, `bfloat16`) are widened to `float` when they are read. */
export type FloatType = 'float' | 'double';

/** Element types a constant can have. */
export type ElementType = FloatType | IntegerType;

/** A float tensor known at import. */
export interface FloatConstant {
  readonly kind: 'constant';
  readonly type: FloatType;
  readonly shape: Shape;
  readonly data: Float32Array | Float64Array;
  /** Name it has in the model; absent for parts and intermediate results. */
  readonly name?: string;
}

/** An integer or boolean tensor known at import. */
export interface IntegerConstant {
  readonly kind: 'constant';
  readonly type: IntegerType;
  readonly shape: Shape;
  readonly data: BigInt64Array;
  readonly name?: string;
}

/** A tensor known at import. */
export type Constant = FloatConstant | IntegerConstant;

/** A float tensor that is only known when the model runs. */
export interface DynamicValue {
  readonly kind: 'dynamic';
  /** Value name in the graph that is being built. */
  readonly name: string;
  readonly shape: Shape;
}

/** The result of an operator that is not supported; whatever uses it has no value either. */
export interface RefusedValue {
  readonly kind: 'refused';
}

/** An output that its operator does not provide. That only matters to whoever uses it. */
export interface UnavailableValue {
  readonly kind: 'unavailable';
  readonly problem: string;
}

/** What is known about a tensor. */
export type Value = Constant | DynamicValue;

/** Whether a constant holds real numbers. */
export function isFloat(constant: Constant): constant is FloatConstant {
  return constant.type === 'float' || constant.type === 'double';
}
