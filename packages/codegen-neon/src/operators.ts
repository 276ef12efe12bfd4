import { call, closed, infix, prefix, type Operator, type OperatorTable } from '@grim/codegen-c';
import type { BinaryOperation, Comparison, ValueType } from '@grim/kernels';

import type { SupportFunction } from './support-functions.ts';

const support = (name: SupportFunction): Operator => call(name);

/** The bits of `int32_t` operands as unsigned ones and back: shifts of negative numbers are not defined in C. */
const unsigned = (symbol: string): Operator => ({
  write: (left, right) => `(int32_t)((uint32_t)${left} ${symbol} ${right})`,
  groupsOperands: true,
  isCompound: false,
});

/** An operation that has an intrinsic of one name for vectors of floats and for scalar halves. */
const floats = (name: string): Partial<Record<ValueType, Operator>> => ({
  f16: call(`v${name}h_f16`),
  f16x8: call(`v${name}q_f16`),
  f32x4: call(`v${name}q_f32`),
});

/** Operators of the kernel IR as operators of C and intrinsics. Shifts of vectors take a vector of counts. */
export const operators: OperatorTable = {
  language: 'NEON',
  unary: {
    abs: { ...floats('abs'), f32: call('fabsf'), i32x4: call('vabsq_s32') },
    ceil: { ...floats('rndp'), f32: call('ceilf') },
    floor: { ...floats('rndm'), f32: call('floorf') },
    nearest: { ...floats('rndn'), f32: support('grim_nearest_f32') },
    neg: { ...floats('neg'), f32: prefix('-'), i32x4: call('vnegq_s32') },
    sqrt: { ...floats('sqrt'), f32: call('sqrtf') },
    trunc: { ...floats('rnd'), f32: call('truncf') },
  },
  binary: {
    add: { ...floats('add'), f32: infix('+'), i32: infix('+'), i32x4: call('vaddq_s32') },
    and: { i32: infix('&'), i32x4: call('vandq_s32') },
    div: { ...floats('div'), f32: infix('/') },
    max: {
      ...floats('max'),
      f32: support('grim_max_f32'),
      i32: support('grim_max_i32'),
      i32x4: call('vmaxq_s32'),
    },
    min: {
      ...floats('min'),
      f32: support('grim_min_f32'),
      i32: support('grim_min_i32'),
      i32x4: call('vminq_s32'),
    },
    mul: { ...floats('mul'), f32: infix('*'), i32: infix('*'), i32x4: call('vmulq_s32') },
    or: { i32: infix('|'), i32x4: call('vorrq_s32') },
    shiftLeft: { i32: unsigned('<<'), i32x4: call('vshlq_s32') },
    shiftRight: {
      i32: infix('>>'),
      i32x4: closed((left, count) => `vshlq_s32(${left}, vnegq_s32(${count}))`),
    },
    shiftRightUnsigned: {
      i32: unsigned('>>'),
      i32x4: closed(
        (left, count) =>
          `vreinterpretq_s32_u32(vshlq_u32(vreinterpretq_u32_s32(${left}), vnegq_s32(${count})))`,
      ),
    },
    sub: { ...floats('sub'), f32: infix('-'), i32: infix('-'), i32x4: call('vsubq_s32') },
    xor: { i32: infix('^'), i32x4: call('veorq_s32') },
  },
  conversions: {
    'f16>f32': '(float)',
    'f32>f16': '(float16_t)',
    'f32>i32': 'vcvts_s32_f32',
    'i32>f32': '(float)',
    'f32x4>i32x4': 'vcvtq_s32_f32',
    'i32x4>f32x4': 'vcvtq_f32_s32',
  },
  bitcasts: {
    'f32>i32': 'grim_bits_of_f32',
    'i32>f32': 'grim_f32_of_bits',
    'f32x4>i32x4': 'vreinterpretq_s32_f32',
    'i32x4>f32x4': 'vreinterpretq_f32_s32',
  },
};

/** Shifts of vectors by a constant from 1 to 31. */
const constantShifts: Partial<Record<BinaryOperation, Operator['write']>> = {
  shiftLeft: (left, count) => `vshlq_n_s32(${left}, ${count})`,
  shiftRight: (left, count) => `vshrq_n_s32(${left}, ${count})`,
  shiftRightUnsigned: (left, count) =>
    `vreinterpretq_s32_u32(vshrq_n_u32(vreinterpretq_u32_s32(${left}), ${count}))`,
};

/** The text of a shift of a vector by a constant from 1 to 31; nothing for other operations. */
export function constantShiftText(
  operation: BinaryOperation,
  left: string,
  count: number,
): string | undefined {
  return constantShifts[operation]?.(left, String(count));
}

/** The suffix of intrinsics that take vectors of a type or their lanes. */
export const suffixes = {
  f16: 'f16',
  f16x8: 'f16',
  f32: 'f32',
  f32x4: 'f32',
  i16x8: 's16',
  i32: 's32',
  i32x4: 's32',
} as const satisfies Record<ValueType, string>;

/** The text of a comparison of vectors of `type`: unsigned lanes of all bits or none. */
export function maskText(comparison: Comparison, type: ValueType, left: string, right: string): string {
  const suffix = suffixes[type];
  const mask = type === 'f16x8' ? 'u16' : 'u32';
  if (comparison === 'ne') return `vmvnq_${mask}(vceqq_${suffix}(${left}, ${right}))`;
  return `vc${comparison}q_${suffix}(${left}, ${right})`;
}

/** The C types of values. */
export const valueTypes = {
  f16: 'float16_t',
  f16x8: 'float16x8_t',
  f32: 'float',
  f32x4: 'float32x4_t',
  i16x8: 'int16x8_t',
  i32: 'int32_t',
  i32x4: 'int32x4_t',
} satisfies Record<ValueType, string>;

/** The function that loads a value, from halves in memory when told so. */
export function loadFunction(type: ValueType, memory?: 'f16'): SupportFunction {
  if (type === 'i16x8') throw new TypeError('masks have no place in memory');
  if (memory === undefined) return `grim_load_${type}`;
  if (type === 'f32' || type === 'f32x4') return `grim_load_${type}_from_f16`;
  throw new TypeError(`halves are not widened to ${type}`);
}

/** The function that stores a value, as halves when told so. */
export function storeFunction(type: ValueType, memory?: 'f16'): SupportFunction {
  if (type === 'i16x8') throw new TypeError('masks have no place in memory');
  if (memory === undefined) return `grim_store_${type}`;
  if (type === 'f32' || type === 'f32x4') return `grim_store_${type}_as_f16`;
  throw new TypeError(`${type} is not narrowed to halves`);
}

/** What the names of functions end in that load floats, or halves as floats. */
export const memorySuffix = (memory: 'f16' | undefined): string => (memory ? '_from_f16' : '');
