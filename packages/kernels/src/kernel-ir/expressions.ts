import { roundToHalf } from './half.ts';
import type {
  BinaryOperation,
  Comparison,
  Expression,
  FloatType,
  ShuffledLanes,
  UnaryOperation,
  ValueType,
} from './types.ts';
import { isFloat, valueTypes } from './value-types.ts';

/** An `i32` constant. */
export const integer = (value: number): Expression => ({ op: 'constant', type: 'i32', value });

/** A float constant, rounded to `type`, in every lane of a vector. */
export const float = (value: number, type: FloatType = 'f32x4'): Expression => ({
  op: 'constant',
  type,
  value: valueTypes[type].lane === 'f16' ? roundToHalf(value) : Math.fround(value),
});

/** An integer constant in every lane. */
export const integerVector = (value: number): Expression => ({ op: 'constant', type: 'i32x4', value });

const constantValue = (expression: Expression): number | undefined =>
  expression.op === 'constant' && expression.type === 'i32' ? expression.value : undefined;

/** `left operation right`; the operands have one type (shift counts are `i32`). */
export function binary(operation: BinaryOperation, left: Expression, right: Expression): Expression {
  return { op: 'binary', type: left.type, operation, left, right };
}

/** `left + right`, with integer constants folded. */
export function add(left: Expression, right: Expression): Expression {
  const a = constantValue(left);
  const b = constantValue(right);
  if (a !== undefined && b !== undefined) return integer(a + b);
  if (a === 0) return right;
  if (b === 0) return left;
  return binary('add', left, right);
}

/** `left · right`, with integer constants folded. */
export function multiply(left: Expression, right: Expression): Expression {
  const a = constantValue(left);
  const b = constantValue(right);
  if (a !== undefined && b !== undefined) return integer(a * b);
  if (a === 1) return right;
  if (b === 1) return left;
  return binary('mul', left, right);
}

/** `left − right`. */
export const subtract = (left: Expression, right: Expression): Expression => binary('sub', left, right);

/** `left / right`. */
export const divide = (left: Expression, right: Expression): Expression => binary('div', left, right);

/** The smaller operand; NaN if either is NaN. */
export const minimum = (left: Expression, right: Expression): Expression => binary('min', left, right);

/** The larger operand; NaN if either is NaN. */
export const maximum = (left: Expression, right: Expression): Expression => binary('max', left, right);

/** A function of one operand. */
export function unary(operation: UnaryOperation, operand: Expression): Expression {
  return { op: 'unary', type: operand.type, operation, operand };
}

/** `left · right + addend`. */
export function multiplyAdd(left: Expression, right: Expression, addend: Expression): Expression {
  return { op: 'multiplyAdd', type: isFloat(left.type) ? left.type : 'f32x4', left, right, addend };
}

/** `left comparison right`; see {@link Comparison} for the result. */
export function compare(comparison: Comparison, left: Expression, right: Expression): Expression {
  const types = { 1: 'i32', 4: 'i32x4', 8: 'i16x8' } as const;
  return { op: 'compare', type: types[valueTypes[left.type].lanes], comparison, left, right };
}

/** `mask ? whenTrue : whenFalse`, per lane. */
export function select(mask: Expression, whenTrue: Expression, whenFalse: Expression): Expression {
  return { op: 'select', type: whenTrue.type, mask, whenTrue, whenFalse };
}

/** The scalar in every lane. */
export function splat(operand: Expression): Expression {
  const types = { f16: 'f16x8', f32: 'f32x4', i32: 'i32x4' } as const;
  return { op: 'splat', type: types[valueTypes[operand.type].lane], operand };
}

/** One lane of a vector. */
export function lane(operand: Expression, index: number): Expression {
  return { op: 'lane', type: valueTypes[operand.type].lane, operand, lane: index };
}

/** Lanes of `left` and, counted on, of `right` in any order. */
export function shuffle(left: Expression, right: Expression, lanes: ShuffledLanes): Expression {
  return { op: 'shuffle', type: left.type === 'f16x8' ? 'f16x8' : 'f32x4', left, right, lanes };
}

/** Even lanes of `left` then of `right`, or odd ones. */
export function deinterleave(parity: 'even' | 'odd', left: Expression, right: Expression): Expression {
  const first = parity === 'even' ? 0 : 1;
  const { lanes } = valueTypes[left.type];
  return shuffle(
    left,
    right,
    Array.from({ length: lanes }, (_, index) => first + 2 * index),
  );
}

/** Truncation to integer, or conversion to float. */
export function convert(type: ValueType, operand: Expression): Expression {
  return { op: 'convert', type, operand };
}

/** The first or the last four of eight halves as floats. */
export function widen(operand: Expression, half: 'low' | 'high'): Expression {
  return { op: 'widen', type: 'f32x4', half, operand };
}

/** Twice four floats rounded to eight halves. */
export function narrow(left: Expression, right: Expression): Expression {
  return { op: 'narrow', type: 'f16x8', left, right };
}

/** The same bits as another type. */
export function bitcast(type: ValueType, operand: Expression): Expression {
  return { op: 'bitcast', type, operand };
}

/** A scalar or consecutive elements at `buffer + address + offset` bytes. */
export function load(
  type: ValueType,
  buffer: string,
  address: Expression,
  offset = 0,
  memory?: 'f16',
): Expression {
  return { op: 'load', type, ...(memory && { memory }), buffer, address, offset };
}

/** One float at `buffer + address + offset` bytes, in every lane. */
export function loadSplat(
  buffer: string,
  address: Expression,
  offset = 0,
  type: 'f16x8' | 'f32x4' = 'f32x4',
  memory?: 'f16',
): Expression {
  return { op: 'loadSplat', type, ...(memory && { memory }), buffer, address, offset };
}

/** An unsigned 16-bit integer at `buffer + address + offset` bytes. */
export function loadIndex16(buffer: string, address: Expression, offset = 0): Expression {
  return { op: 'loadIndex16', type: 'i32', buffer, address, offset };
}

/**
 * `lanes` floats from `buffer + address + offset` bytes on, `stride` bytes apart. Neighbouring floats are loaded as a whole
 * vector, whatever is in the lanes that were not asked for.
 */
export function loadStrided(
  buffer: string,
  address: Expression,
  offset: number,
  stride: number,
  lanes?: number,
  type: 'f16x8' | 'f32x4' = 'f32x4',
  memory?: 'f16',
): Expression {
  const facts = valueTypes[type];
  const elementBytes = memory ? 2 : facts.laneBytes;
  if (stride === elementBytes) return load(type, buffer, address, offset, memory);
  return {
    op: 'loadStrided',
    type,
    ...(memory && { memory }),
    buffer,
    address,
    offset,
    stride,
    lanes: lanes ?? facts.lanes,
  };
}
