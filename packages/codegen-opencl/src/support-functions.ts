import type { FloatType } from '@grim/kernels';

import { typeNames } from './operators.ts';

/** Integers as wide as the lanes of floats. */
const bitTypes = { f16: 'short', f16x8: 'short8', f32: 'int', f32x4: 'int4' } as const satisfies Record<
  FloatType,
  string
>;

/** The kernel IR's minimum and maximum give NaN when either operand is NaN, and tell the zeros apart; OpenCL's need not. */
function extreme(which: 'min' | 'max', type: FloatType): string {
  const [symbol, opposite, ofZeros] = which === 'max' ? ['>', '<', '&'] : ['<', '>', '|'];
  const float = typeNames[type];
  const bits = bitTypes[type];
  const equal = `as_${float}((${bits})(as_${bits}(left) ${ofZeros} as_${bits}(right)))`;
  const isScalar = type === 'f16' || type === 'f32';
  const body = isScalar
    ? [
        `  return left ${symbol} right ? left : left ${opposite} right ? right : left == right ? ${equal} : left + right;`,
      ]
    : [
        `  const ${float} equal = select(left + right, ${equal.replace(`(${bits})`, '')}, left == right);`,
        `  return select(select(equal, right, left ${opposite} right), left, left ${symbol} right);`,
      ];
  return [`${float} grim_${which}_${type}(${float} left, ${float} right) {`, ...body, '}'].join('\n');
}

/** Truncation that saturates, and gives 0 for NaN: OpenCL only advises the latter. */
const truncation = (suffix: '' | '4'): string => {
  const name = `grim_int_of_f32${suffix === '' ? '' : 'x4'}`;
  const zeroOfNaN =
    suffix === ''
      ? 'isnan(value) ? 0 : convert_int_sat_rtz(value)'
      : 'select(convert_int4_sat_rtz(value), (int4)(0), isnan(value))';
  return `int${suffix} ${name}(float${suffix} value) {\n  return ${zeroOfNaN};\n}`;
};

const image = 'read_only image1d_buffer_t image, int byte';

/** One of the four words of a pixel. Images hold words as integers, so that no float is changed on its way. */
const imageWord = `int grim_image_i32(${image}) {
  const int4 pixel = read_imagei(image, byte >> 4);
  const int2 pair = (byte & 8) ? pixel.zw : pixel.xy;
  return (byte & 4) ? pair.y : pair.x;
}`;

/** Four words from any word on. There is a pixel behind the last word of a buffer, as vectors may be loaded from there. */
const imageVector = `int4 grim_image_i32x4(${image}) {
  int4 first = read_imagei(image, byte >> 4);
  int4 second = read_imagei(image, (byte >> 4) + 1);
  if (byte & 8) {
    first = (int4)(first.zw, second.xy);
    second = second.zwzw;
  }
  return (byte & 4) ? (int4)(first.yzw, second.x) : first;
}`;

/** What rendered kernels call beside the functions of OpenCL C; each may call those before it. */
export const supportFunctions = {
  grim_max_f16: extreme('max', 'f16'),
  grim_max_f16x8: extreme('max', 'f16x8'),
  grim_max_f32: extreme('max', 'f32'),
  grim_max_f32x4: extreme('max', 'f32x4'),
  grim_min_f16: extreme('min', 'f16'),
  grim_min_f16x8: extreme('min', 'f16x8'),
  grim_min_f32: extreme('min', 'f32'),
  grim_min_f32x4: extreme('min', 'f32x4'),
  grim_int_of_f32: truncation(''),
  grim_int_of_f32x4: truncation('4'),
  grim_image_i32: imageWord,
  grim_image_i32x4: imageVector,
} as const;

/** Name of a function that rendered kernels may call. */
export type SupportFunction = keyof typeof supportFunctions;
