import { call, closed, infix, prefix, type OperatorTable } from '@grim/codegen-c';
import type { ValueType } from '@grim/kernels';

import type { SupportFunction } from './support-functions.ts';

const support = (name: SupportFunction) => call(name);

/** An operator of the bits as unsigned integers. Counts of vectors are scalars, which OpenCL C takes for all lanes. */
const unsigned = (symbol: string, suffix: '' | '4') =>
  closed((left, right) => `as_int${suffix}(as_uint${suffix}(${left}) ${symbol} (${right}))`);

const floats = { f32: call, f32x4: call };

/** A function with one name for scalars and vectors of floats. */
const ofFloats = (name: string) => ({ f32: floats.f32(name), f32x4: floats.f32x4(name) });

/** An infix operator of scalars and vectors of integers. */
const ofIntegers = (symbol: string) => ({ i32: infix(symbol), i32x4: infix(symbol) });

/** Operators of the kernel IR as operators and functions of OpenCL C, most of which take scalars and vectors alike. */
export const operators: OperatorTable = {
  language: 'OpenCL C',
  unary: {
    abs: { ...ofFloats('fabs'), i32x4: closed((operand) => `as_int4(abs(${operand}))`) },
    ceil: ofFloats('ceil'),
    floor: ofFloats('floor'),
    nearest: ofFloats('rint'),
    neg: { f32: prefix('-'), f32x4: prefix('-'), i32x4: prefix('-') },
    sqrt: ofFloats('sqrt'),
    trunc: ofFloats('trunc'),
  },
  binary: {
    add: { f32: infix('+'), f32x4: infix('+'), ...ofIntegers('+') },
    and: ofIntegers('&'),
    div: { f32: infix('/'), f32x4: infix('/') },
    max: {
      f32: support('grim_max_f32'),
      f32x4: support('grim_max_f32x4'),
      i32: call('max'),
      i32x4: call('max'),
    },
    min: {
      f32: support('grim_min_f32'),
      f32x4: support('grim_min_f32x4'),
      i32: call('min'),
      i32x4: call('min'),
    },
    mul: { f32: infix('*'), f32x4: infix('*'), ...ofIntegers('*') },
    or: ofIntegers('|'),
    shiftLeft: { i32: unsigned('<<', ''), i32x4: unsigned('<<', '4') },
    shiftRight: ofIntegers('>>'),
    shiftRightUnsigned: { i32: unsigned('>>', ''), i32x4: unsigned('>>', '4') },
    sub: { f32: infix('-'), f32x4: infix('-'), ...ofIntegers('-') },
    xor: ofIntegers('^'),
  },
  conversions: {
    'f32>i32': 'grim_int_of_f32',
    'i32>f32': 'convert_float',
    'f32x4>i32x4': 'grim_int_of_f32x4',
    'i32x4>f32x4': 'convert_float4',
  },
  bitcasts: {
    'f32>i32': 'as_int',
    'i32>f32': 'as_float',
    'f32x4>i32x4': 'as_int4',
    'i32x4>f32x4': 'as_float4',
  },
};

/** The types of values. */
export const valueTypes = {
  f32: 'float',
  f32x4: 'float4',
  i32: 'int',
  i32x4: 'int4',
} satisfies Record<ValueType, string>;
