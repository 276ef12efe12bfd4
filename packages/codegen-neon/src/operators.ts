import type { BinaryOperation, Comparison, UnaryOperation, ValueType } from '@grim/kernels';

import type { SupportFunction } from './support-functions.ts';

/** Where operands go in the text of an operator. */
export type Template = (left: string, right: string) => string;

const call =
  (name: string): Template =>
  (left, right) =>
    right === '' ? `${name}(${left})` : `${name}(${left}, ${right})`;

const support = (name: SupportFunction): Template => call(name);

const infix =
  (symbol: string): Template =>
  (left, right) =>
    `${left} ${symbol} ${right}`;

/** The bits of `int32_t` operands as unsigned ones and back: shifts of negative numbers are not defined in C. */
const unsigned =
  (symbol: string): Template =>
  (left, right) =>
    `(int32_t)((uint32_t)${left} ${symbol} ${right})`;

/** Text of each unary operation, by operand type. Absent combinations do not exist in the kernel IR. */
const unaryTemplates = {
  abs: { f32: call('fabsf'), f32x4: call('vabsq_f32'), i32x4: call('vabsq_s32') },
  ceil: { f32: call('ceilf'), f32x4: call('vrndpq_f32') },
  floor: { f32: call('floorf'), f32x4: call('vrndmq_f32') },
  nearest: { f32: support('grim_nearest_f32'), f32x4: call('vrndnq_f32') },
  neg: { f32: (operand) => `-${operand}`, f32x4: call('vnegq_f32'), i32x4: call('vnegq_s32') },
  sqrt: { f32: call('sqrtf'), f32x4: call('vsqrtq_f32') },
  trunc: { f32: call('truncf'), f32x4: call('vrndq_f32') },
} satisfies Record<UnaryOperation, Partial<Record<ValueType, Template>>>;

/** Text of each binary operation, by operand type. Shifts of vectors take a vector of counts. */
const binaryTemplates = {
  add: { f32: infix('+'), f32x4: call('vaddq_f32'), i32: infix('+'), i32x4: call('vaddq_s32') },
  and: { i32: infix('&'), i32x4: call('vandq_s32') },
  div: { f32: infix('/'), f32x4: call('vdivq_f32') },
  max: {
    f32: support('grim_max_f32'),
    f32x4: call('vmaxq_f32'),
    i32: support('grim_max_i32'),
    i32x4: call('vmaxq_s32'),
  },
  min: {
    f32: support('grim_min_f32'),
    f32x4: call('vminq_f32'),
    i32: support('grim_min_i32'),
    i32x4: call('vminq_s32'),
  },
  mul: { f32: infix('*'), f32x4: call('vmulq_f32'), i32: infix('*'), i32x4: call('vmulq_s32') },
  or: { i32: infix('|'), i32x4: call('vorrq_s32') },
  shiftLeft: { i32: unsigned('<<'), i32x4: call('vshlq_s32') },
  shiftRight: { i32: infix('>>'), i32x4: (left, count) => `vshlq_s32(${left}, vnegq_s32(${count}))` },
  shiftRightUnsigned: {
    i32: unsigned('>>'),
    i32x4: (left, count) =>
      `vreinterpretq_s32_u32(vshlq_u32(vreinterpretq_u32_s32(${left}), vnegq_s32(${count})))`,
  },
  sub: { f32: infix('-'), f32x4: call('vsubq_f32'), i32: infix('-'), i32x4: call('vsubq_s32') },
  xor: { i32: infix('^'), i32x4: call('veorq_s32') },
} satisfies Record<BinaryOperation, Partial<Record<ValueType, Template>>>;

/** Shifts of vectors by a constant from 1 to 31. */
const constantShifts = {
  shiftLeft: (left, count) => `vshlq_n_s32(${left}, ${count})`,
  shiftRight: (left, count) => `vshrq_n_s32(${left}, ${count})`,
  shiftRightUnsigned: (left, count) =>
    `vreinterpretq_s32_u32(vshrq_n_u32(vreinterpretq_u32_s32(${left}), ${count}))`,
} satisfies Partial<Record<BinaryOperation, Template>>;

const comparisonSymbols = {
  eq: '==',
  ge: '>=',
  gt: '>',
  le: '<=',
  lt: '<',
  ne: '!=',
} satisfies Record<Comparison, string>;

/** Conversions by source and destination type: truncation that saturates and turns NaN into 0, as the kernel IR has it. */
const conversions: Partial<Record<`${ValueType}>${ValueType}`, string>> = {
  'f32>i32': 'vcvts_s32_f32',
  'i32>f32': '(float)',
  'f32x4>i32x4': 'vcvtq_s32_f32',
  'i32x4>f32x4': 'vcvtq_f32_s32',
};

const bitcasts: Partial<Record<`${ValueType}>${ValueType}`, string>> = {
  'f32>i32': 'grim_bits_of_f32',
  'i32>f32': 'grim_f32_of_bits',
  'f32x4>i32x4': 'vreinterpretq_s32_f32',
  'i32x4>f32x4': 'vreinterpretq_f32_s32',
};

const types = { f32: 'float', f32x4: 'float32x4_t', i32: 'int32_t', i32x4: 'int32x4_t' } satisfies Record<
  ValueType,
  string
>;

function required<Found>(found: Found | undefined, operation: string, type: ValueType): Found {
  if (found === undefined) throw new TypeError(`NEON has no ${operation} of ${type}`);
  return found;
}

/** The text of a unary operation. */
export function unaryText(operation: UnaryOperation, type: ValueType, operand: string): string {
  const byType: Partial<Record<ValueType, Template>> = unaryTemplates[operation];
  return required(byType[type], operation, type)(operand, '');
}

/** The text of a binary operation. */
export function binaryText(operation: BinaryOperation, type: ValueType, left: string, right: string): string {
  const byType: Partial<Record<ValueType, Template>> = binaryTemplates[operation];
  return required(byType[type], operation, type)(left, right);
}

/** The text of a shift of a vector by a constant from 1 to 31; nothing for other operations. */
export function constantShiftText(
  operation: BinaryOperation,
  left: string,
  count: number,
): string | undefined {
  const shifts: Partial<Record<BinaryOperation, Template>> = constantShifts;
  return shifts[operation]?.(left, String(count));
}

/** The text of a comparison of scalars. */
export const comparisonText = (comparison: Comparison, left: string, right: string): string =>
  `${left} ${comparisonSymbols[comparison]} ${right}`;

/** The text of a comparison of vectors of `type`: a `uint32x4_t` of all bits or none. */
export function maskText(comparison: Comparison, type: ValueType, left: string, right: string): string {
  const suffix = type === 'f32x4' ? 'f32' : 's32';
  if (comparison === 'ne') return `vmvnq_u32(vceqq_${suffix}(${left}, ${right}))`;
  return `vc${comparison}q_${suffix}(${left}, ${right})`;
}

/** The text that converts a number to another type. */
export function conversionText(from: ValueType, to: ValueType, operand: string): string {
  return `${required(conversions[`${from}>${to}`], `conversion to ${to}`, from)}(${operand})`;
}

/** The text that takes the bits of a value as another type. */
export function bitcastText(from: ValueType, to: ValueType, operand: string): string {
  if (from === to) return operand;
  return `${required(bitcasts[`${from}>${to}`], `bits as ${to}`, from)}(${operand})`;
}

/** The C type of a value. */
export const valueType = (type: ValueType): string => types[type];

/** The function that loads a value. */
export const loadFunction = (type: ValueType): SupportFunction => `grim_load_${type}`;

/** The function that stores a value. */
export const storeFunction = (type: ValueType): SupportFunction => `grim_store_${type}`;
