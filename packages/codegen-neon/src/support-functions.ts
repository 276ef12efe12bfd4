const address = 'const unsigned char *from';
const place = 'unsigned char *to';

/** A scalar goes through `memcpy`, which compilers make one instruction: bytes may be of any type and alignment. */
const scalarLoad = (
  name: string,
  type: string,
  result = type,
): string => `static inline ${result} ${name}(${address}) {
  ${type} value;
  memcpy(&value, from, sizeof value);
  return value;
}`;

const scalarStore = (
  name: string,
  type: string,
): string => `static inline void ${name}(${place}, ${type} value) {
  memcpy(to, &value, sizeof value);
}`;

const vectorLoad = (name: string, type: string, element: string, intrinsic: string): string =>
  `static inline ${type} ${name}(${address}) {
  return ${intrinsic}((const ${element} *)(const void *)from);
}`;

const vectorStore = (name: string, type: string, element: string, intrinsic: string): string =>
  `static inline void ${name}(${place}, ${type} value) {
  ${intrinsic}((${element} *)(void *)to, value);
}`;

/** Lanes beyond `lanes` are zero, and their memory is not touched. */
const stridedLoad = (lanes: number): string =>
  `static inline float32x4_t grim_load_strided${String(lanes)}_f32x4(${address}, int32_t stride) {
  float32x4_t value = vdupq_n_f32(0.0f);
${Array.from(
  { length: lanes },
  (_, lane) =>
    `  value = vld1q_lane_f32((const float *)(const void *)${lane === 0 ? 'from' : `(from + ${String(lane)} * stride)`}, value, ${String(lane)});`,
).join('\n')}${lanes === 1 ? '\n  (void)stride;' : ''}
  return value;
}`;

/** AArch64's own minimum and maximum give NaN when either operand is NaN; those of C do not. */
const extreme = (which: 'min' | 'max'): string =>
  `static inline float grim_${which}_f32(float left, float right) {
  return vget_lane_f32(v${which}_f32(vdup_n_f32(left), vdup_n_f32(right)), 0);
}`;

const integerExtreme = (which: 'min' | 'max', symbol: '<' | '>'): string =>
  `static inline int32_t grim_${which}_i32(int32_t left, int32_t right) {
  return left ${symbol} right ? left : right;
}`;

const bits = (name: string, from: string, to: string): string => `static inline ${to} ${name}(${from} value) {
  ${to} result;
  memcpy(&result, &value, sizeof result);
  return result;
}`;

/** What rendered kernels call beside intrinsics and libm. */
export const supportFunctions = {
  grim_bits_of_f32: bits('grim_bits_of_f32', 'float', 'int32_t'),
  grim_f32_of_bits: bits('grim_f32_of_bits', 'int32_t', 'float'),
  grim_load_f32: scalarLoad('grim_load_f32', 'float'),
  grim_load_f32x2: vectorLoad('grim_load_f32x2', 'float32x2_t', 'float', 'vld1_f32'),
  grim_load_f32x4: vectorLoad('grim_load_f32x4', 'float32x4_t', 'float', 'vld1q_f32'),
  grim_load_i32: scalarLoad('grim_load_i32', 'int32_t'),
  grim_load_i32x4: vectorLoad('grim_load_i32x4', 'int32x4_t', 'int32_t', 'vld1q_s32'),
  grim_load_index16: scalarLoad('grim_load_index16', 'uint16_t', 'int32_t'),
  grim_load_splat_f32x4: vectorLoad('grim_load_splat_f32x4', 'float32x4_t', 'float', 'vld1q_dup_f32'),
  grim_load_strided1_f32x4: stridedLoad(1),
  grim_load_strided2_f32x4: stridedLoad(2),
  grim_load_strided3_f32x4: stridedLoad(3),
  grim_load_strided4_f32x4: stridedLoad(4),
  grim_max_f32: extreme('max'),
  grim_max_i32: integerExtreme('max', '>'),
  grim_min_f32: extreme('min'),
  grim_min_i32: integerExtreme('min', '<'),
  grim_nearest_f32: `static inline float grim_nearest_f32(float value) {
  return vrndns_f32(value);
}`,
  grim_store_f32: scalarStore('grim_store_f32', 'float'),
  grim_store_f32x4: vectorStore('grim_store_f32x4', 'float32x4_t', 'float', 'vst1q_f32'),
  grim_store_i32: scalarStore('grim_store_i32', 'int32_t'),
  grim_store_i32x4: vectorStore('grim_store_i32x4', 'int32x4_t', 'int32_t', 'vst1q_s32'),
} as const;

/** Name of a function that rendered kernels may call. */
export type SupportFunction = keyof typeof supportFunctions;
