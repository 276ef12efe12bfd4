import { call, closed, infix, prefix, type Operator, type OperatorTable } from '@grim/codegen-c';
import type { ValueType } from '@grim/kernels';

import type { SupportFunction } from './support-functions.ts';

type ByType = Partial<Record<ValueType, Operator>>;

/** One operator for scalars and vectors of floats, as OpenCL C has them. */
const ofFloats = (operator: Operator): ByType => ({
  f16: operator,
  f16x8: operator,
  f32: operator,
  f32x4: operator,
});

/** One operator for scalars and vectors of integers. */
const ofIntegers = (operator: Operator): ByType => ({ i32: operator, i32x4: operator });

const ofNumbers = (operator: Operator): ByType => ({ ...ofFloats(operator), ...ofIntegers(operator) });

/** An operator of the bits as unsigned integers. Counts are scalars, which OpenCL C takes for all lanes. */
const unsigned = (symbol: string, suffix: '' | '4'): Operator =>
  closed((left, right) => `as_int${suffix}(as_uint${suffix}(${left}) ${symbol} (${right}))`);

const support = (name: SupportFunction): Operator => call(name);

const extreme = (which: 'max' | 'min'): ByType => ({
  f16: support(`grim_${which}_f16`),
  f16x8: support(`grim_${which}_f16x8`),
  f32: support(`grim_${which}_f32`),
  f32x4: support(`grim_${which}_f32x4`),
  ...ofIntegers(call(which)),
});

/** Operators of the kernel IR as operators and functions of OpenCL C, most of which take scalars and vectors alike. */
export const operators: OperatorTable = {
  language: 'OpenCL C',
  unary: {
    abs: { ...ofFloats(call('fabs')), i32x4: closed((operand) => `as_int4(abs(${operand}))`) },
    ceil: ofFloats(call('ceil')),
    floor: ofFloats(call('floor')),
    nearest: ofFloats(call('rint')),
    neg: ofNumbers(prefix('-')),
    sqrt: ofFloats(call('sqrt')),
    trunc: ofFloats(call('trunc')),
  },
  binary: {
    add: ofNumbers(infix('+')),
    and: ofIntegers(infix('&')),
    div: ofFloats(infix('/')),
    max: extreme('max'),
    min: extreme('min'),
    mul: ofNumbers(infix('*')),
    or: ofIntegers(infix('|')),
    shiftLeft: { i32: unsigned('<<', ''), i32x4: unsigned('<<', '4') },
    shiftRight: ofIntegers(infix('>>')),
    shiftRightUnsigned: { i32: unsigned('>>', ''), i32x4: unsigned('>>', '4') },
    sub: ofNumbers(infix('-')),
    xor: ofIntegers(infix('^')),
  },
  conversions: {
    'f16>f32': 'convert_float',
    'f32>f16': 'convert_half_rte',
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
export const typeNames = {
  f16: 'half',
  f16x8: 'half8',
  f32: 'float',
  f32x4: 'float4',
  i16x8: 'short8',
  i32: 'int',
  i32x4: 'int4',
} as const satisfies Record<ValueType, string>;
