import type { BinaryOperation, Comparison, Expression, UnaryOperation, ValueType } from '@grim/kernels';

/** Instruction of each unary operation, by operand type. Absent combinations do not exist in WebAssembly. */
const unaryInstructions = {
  abs: { f32: 'f32.abs', f32x4: 'f32x4.abs', i32x4: 'i32x4.abs' },
  ceil: { f32: 'f32.ceil', f32x4: 'f32x4.ceil' },
  floor: { f32: 'f32.floor', f32x4: 'f32x4.floor' },
  nearest: { f32: 'f32.nearest', f32x4: 'f32x4.nearest' },
  neg: { f32: 'f32.neg', f32x4: 'f32x4.neg', i32x4: 'i32x4.neg' },
  sqrt: { f32: 'f32.sqrt', f32x4: 'f32x4.sqrt' },
  trunc: { f32: 'f32.trunc', f32x4: 'f32x4.trunc' },
} satisfies Record<UnaryOperation, Partial<Record<ValueType, string>>>;

/** Instruction of each binary operation, by operand type. */
const binaryInstructions = {
  add: { f32: 'f32.add', f32x4: 'f32x4.add', i32: 'i32.add', i32x4: 'i32x4.add' },
  and: { i32: 'i32.and', i32x4: 'v128.and' },
  div: { f32: 'f32.div', f32x4: 'f32x4.div' },
  max: { f32: 'f32.max', f32x4: 'f32x4.max', i32x4: 'i32x4.max_s' },
  min: { f32: 'f32.min', f32x4: 'f32x4.min', i32x4: 'i32x4.min_s' },
  mul: { f32: 'f32.mul', f32x4: 'f32x4.mul', i32: 'i32.mul', i32x4: 'i32x4.mul' },
  or: { i32: 'i32.or', i32x4: 'v128.or' },
  shiftLeft: { i32: 'i32.shl', i32x4: 'i32x4.shl' },
  shiftRight: { i32: 'i32.shr_s', i32x4: 'i32x4.shr_s' },
  shiftRightUnsigned: { i32: 'i32.shr_u', i32x4: 'i32x4.shr_u' },
  sub: { f32: 'f32.sub', f32x4: 'f32x4.sub', i32: 'i32.sub', i32x4: 'i32x4.sub' },
  xor: { i32: 'i32.xor', i32x4: 'v128.xor' },
} satisfies Record<BinaryOperation, Partial<Record<ValueType, string>>>;

const signedSuffix: Partial<Record<ValueType, string>> = { f32: '', f32x4: '', i32: '_s', i32x4: '_s' };

/** Conversions by source and destination type. */
const conversions: Partial<Record<`${ValueType}>${ValueType}`, string>> = {
  'f32>i32': 'i32.trunc_sat_f32_s',
  'i32>f32': 'f32.convert_i32_s',
  'f32x4>i32x4': 'i32x4.trunc_sat_f32x4_s',
  'i32x4>f32x4': 'f32x4.convert_i32x4_s',
};

const loads: Partial<Record<ValueType, string>> = {
  f32: 'f32.load',
  f32x4: 'v128.load',
  i32: 'i32.load',
  i32x4: 'v128.load',
};

const stores: Partial<Record<ValueType, string>> = {
  f32: 'f32.store',
  f32x4: 'v128.store',
  i32: 'i32.store',
  i32x4: 'v128.store',
};

function required(instruction: string | undefined, operation: string, type: ValueType): string {
  if (instruction === undefined) throw new TypeError(`WebAssembly has no ${operation} of ${type}`);
  return instruction;
}

/** The instruction for a unary operation. */
export function unaryInstruction(operation: UnaryOperation, type: ValueType): string {
  const byType: Partial<Record<ValueType, string>> = unaryInstructions[operation];
  return required(byType[type], operation, type);
}

/** The instruction for a binary operation. */
export function binaryInstruction(operation: BinaryOperation, type: ValueType): string {
  const byType: Partial<Record<ValueType, string>> = binaryInstructions[operation];
  return required(byType[type], operation, type);
}

/** The instruction for a comparison of operands of `type`. */
export function comparisonInstruction(comparison: Comparison, type: ValueType): string {
  const signed = required(signedSuffix[type], comparison, type);
  const suffix = comparison === 'eq' || comparison === 'ne' ? '' : signed;
  return `${type}.${comparison}${suffix}`;
}

/** The instruction that converts `operand` to `type`. */
export function conversionInstruction(operand: Expression, type: ValueType): string {
  return required(conversions[`${operand.type}>${type}`], `conversion to ${type}`, operand.type);
}

/** The load instruction for a value. */
export const loadInstruction = (type: ValueType): string => required(loads[type], 'load', type);

/** The store instruction for a value. */
export const storeInstruction = (type: ValueType): string => required(stores[type], 'store', type);

/** The type of a local that holds a value. */
export const localType = (type: ValueType): string => (type === 'f32x4' || type === 'i32x4' ? 'v128' : type);
