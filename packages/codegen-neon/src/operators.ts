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

/** Operators of the kernel IR as operators of C and intrinsics. Shifts of vectors take a vector of counts. */
export const operators: OperatorTable = {
  language: 'NEON',
  unary: {
    abs: { f32: call('fabsf'), f32x4: call('vabsq_f32'), i32x4: call('vabsq_s32') },
    ceil: { f32: call('ceilf'), f32x4: call('vrndpq_f32') },
    floor: { f32: call('floorf'), f32x4: call('vrndmq_f32') },
    nearest: { f32: support('grim_nearest_f32'), f32x4: call('vrndnq_f32') },
    neg: { f32: prefix('-'), f32x4: call('vnegq_f32'), i32x4: call('vnegq_s32') },
    sqrt: { f32: call('sqrtf'), f32x4: call('vsqrtq_f32') },
    trunc: { f32: call('truncf'), f32x4: call('vrndq_f32') },
  },
  binary: {
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
    sub: { f32: infix('-'), f32x4: call('vsubq_f32'), i32: infix('-'), i32x4: call('vsubq_s32') },
    xor: { i32: infix('^'), i32x4: call('veorq_s32') },
  },
  conversions: {
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

/** The text of a comparison of vectors of `type`: a `uint32x4_t` of all bits or none. */
export function maskText(comparison: Comparison, type: ValueType, left: string, right: string): string {
  const suffix = type === 'f32x4' ? 'f32' : 's32';
  if (comparison === 'ne') return `vmvnq_u32(vceqq_${suffix}(${left}, ${right}))`;
  return `vc${comparison}q_${suffix}(${left}, ${right})`;
}

/** The C types of values. */
export const valueTypes = {
  f32: 'float',
  f32x4: 'float32x4_t',
  i32: 'int32_t',
  i32x4: 'int32x4_t',
} satisfies Record<ValueType, string>;

/** The function that loads a value. */
export const loadFunction = (type: ValueType): SupportFunction => `grim_load_${type}`;

/** The function that stores a value. */
export const storeFunction = (type: ValueType): SupportFunction => `grim_store_${type}`;
