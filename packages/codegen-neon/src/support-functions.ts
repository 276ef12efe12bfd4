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

/** Vectors whose lanes are loaded one by one: the type, its elements and their intrinsics, and what becomes of it. */
interface StridedVector {
  readonly type: string;
  readonly element: string;
  readonly zero: string;
  readonly loadLane: string;
  readonly result: string;
  readonly finish: string;
}

const floatLanes: StridedVector = {
  type: 'float32x4_t',
  element: 'float',
  zero: 'vdupq_n_f32(0.0f)',
  loadLane: 'vld1q_lane_f32',
  result: 'float32x4_t',
  finish: 'value',
};

const halfLanes: StridedVector = {
  type: 'float16x8_t',
  element: 'float16_t',
  zero: 'vdupq_n_f16((float16_t)0.0f)',
  loadLane: 'vld1q_lane_f16',
  result: 'float16x8_t',
  finish: 'value',
};

const widenedLanes: StridedVector = {
  type: 'float16x4_t',
  element: 'float16_t',
  zero: 'vreinterpret_f16_u16(vdup_n_u16(0))',
  loadLane: 'vld1_lane_f16',
  result: 'float32x4_t',
  finish: 'vcvt_f32_f16(value)',
};

/** Lanes beyond `lanes` are zero, and their memory is not touched. */
const stridedLoad = (name: string, lanes: number, vector: StridedVector): string =>
  `static inline ${vector.result} ${name}(${address}, int32_t stride) {
  ${vector.type} value = ${vector.zero};
${Array.from(
  { length: lanes },
  (_, lane) =>
    `  value = ${vector.loadLane}((const ${vector.element} *)(const void *)${lane === 0 ? 'from' : `(from + ${String(lane)} * stride)`}, value, ${String(lane)});`,
).join('\n')}${lanes === 1 ? '\n  (void)stride;' : ''}
  return ${vector.finish};
}`;

/** A function that returns an expression of bytes at `from`. */
const loadOf = (name: string, type: string, value: string): string =>
  `static inline ${type} ${name}(${address}) {
  return ${value};
}`;

const halvesAt = '(const float16_t *)(const void *)from';

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

/** What rendered kernels with 16-bit floats call. */
const halfFunctions = {
  grim_load_f16: scalarLoad('grim_load_f16', 'float16_t'),
  grim_load_f16x2: `static inline float16x4_t grim_load_f16x2(${address}) {
  uint32_t pair;
  memcpy(&pair, from, sizeof pair);
  return vreinterpret_f16_u32(vdup_n_u32(pair));
}`,
  grim_load_f16x4: loadOf('grim_load_f16x4', 'float16x4_t', `vld1_f16(${halvesAt})`),
  grim_load_f16x8: loadOf('grim_load_f16x8', 'float16x8_t', `vld1q_f16(${halvesAt})`),
  grim_load_f32_from_f16: `static inline float grim_load_f32_from_f16(${address}) {
  float16_t value;
  memcpy(&value, from, sizeof value);
  return (float)value;
}`,
  grim_load_f32x4_from_f16: loadOf(
    'grim_load_f32x4_from_f16',
    'float32x4_t',
    `vcvt_f32_f16(vld1_f16(${halvesAt}))`,
  ),
  grim_load_splat_f16x8: loadOf('grim_load_splat_f16x8', 'float16x8_t', `vld1q_dup_f16(${halvesAt})`),
  grim_load_splat_f32x4_from_f16: loadOf(
    'grim_load_splat_f32x4_from_f16',
    'float32x4_t',
    `vcvt_f32_f16(vld1_dup_f16(${halvesAt}))`,
  ),
  grim_load_strided1_f16x8: stridedLoad('grim_load_strided1_f16x8', 1, halfLanes),
  grim_load_strided2_f16x8: stridedLoad('grim_load_strided2_f16x8', 2, halfLanes),
  grim_load_strided3_f16x8: stridedLoad('grim_load_strided3_f16x8', 3, halfLanes),
  grim_load_strided4_f16x8: stridedLoad('grim_load_strided4_f16x8', 4, halfLanes),
  grim_load_strided5_f16x8: stridedLoad('grim_load_strided5_f16x8', 5, halfLanes),
  grim_load_strided6_f16x8: stridedLoad('grim_load_strided6_f16x8', 6, halfLanes),
  grim_load_strided7_f16x8: stridedLoad('grim_load_strided7_f16x8', 7, halfLanes),
  grim_load_strided8_f16x8: stridedLoad('grim_load_strided8_f16x8', 8, halfLanes),
  grim_load_strided1_f32x4_from_f16: stridedLoad('grim_load_strided1_f32x4_from_f16', 1, widenedLanes),
  grim_load_strided2_f32x4_from_f16: stridedLoad('grim_load_strided2_f32x4_from_f16', 2, widenedLanes),
  grim_load_strided3_f32x4_from_f16: stridedLoad('grim_load_strided3_f32x4_from_f16', 3, widenedLanes),
  grim_load_strided4_f32x4_from_f16: stridedLoad('grim_load_strided4_f32x4_from_f16', 4, widenedLanes),
  grim_store_f16: scalarStore('grim_store_f16', 'float16_t'),
  grim_store_f16x8: vectorStore('grim_store_f16x8', 'float16x8_t', 'float16_t', 'vst1q_f16'),
  grim_store_f32_as_f16: `static inline void grim_store_f32_as_f16(${place}, float value) {
  const float16_t narrow = (float16_t)value;
  memcpy(to, &narrow, sizeof narrow);
}`,
  grim_store_f32x4_as_f16: `static inline void grim_store_f32x4_as_f16(${place}, float32x4_t value) {
  vst1_f16((float16_t *)(void *)to, vcvt_f16_f32(value));
}`,
} as const;

/**
 * A multiply-add of halves by a lane. gcc 12 would copy a lane that several of them take into a vector of its own, and fall short of
 * registers for that.
 */
const laneMultiplyAdd = (
  name: string,
  lanesType: string,
  intrinsic: string,
  lane: number,
): string => `static inline float16x8_t ${name}(float16x8_t sum, float16x8_t factor, ${lanesType} lanes) {
#if defined(__GNUC__) && !defined(__clang__)
  __asm__("fmla %0.8h, %1.8h, %2.h[${String(lane)}]" : "+w"(sum) : "w"(factor), "x"(lanes));
  return sum;
#else
  return ${intrinsic}(sum, factor, lanes, ${String(lane)});
#endif
}`;

/** What rendered kernels call beside intrinsics and libm. */
export const supportFunctions = {
  ...halfFunctions,
  grim_bits_of_f32: bits('grim_bits_of_f32', 'float', 'int32_t'),
  grim_f32_of_bits: bits('grim_f32_of_bits', 'int32_t', 'float'),
  grim_fma_lane0_f16: laneMultiplyAdd('grim_fma_lane0_f16', 'float16x4_t', 'vfmaq_lane_f16', 0),
  grim_fma_lane1_f16: laneMultiplyAdd('grim_fma_lane1_f16', 'float16x4_t', 'vfmaq_lane_f16', 1),
  grim_fma_lane2_f16: laneMultiplyAdd('grim_fma_lane2_f16', 'float16x4_t', 'vfmaq_lane_f16', 2),
  grim_fma_lane3_f16: laneMultiplyAdd('grim_fma_lane3_f16', 'float16x4_t', 'vfmaq_lane_f16', 3),
  grim_fma_laneq0_f16: laneMultiplyAdd('grim_fma_laneq0_f16', 'float16x8_t', 'vfmaq_laneq_f16', 0),
  grim_fma_laneq1_f16: laneMultiplyAdd('grim_fma_laneq1_f16', 'float16x8_t', 'vfmaq_laneq_f16', 1),
  grim_fma_laneq2_f16: laneMultiplyAdd('grim_fma_laneq2_f16', 'float16x8_t', 'vfmaq_laneq_f16', 2),
  grim_fma_laneq3_f16: laneMultiplyAdd('grim_fma_laneq3_f16', 'float16x8_t', 'vfmaq_laneq_f16', 3),
  grim_fma_laneq4_f16: laneMultiplyAdd('grim_fma_laneq4_f16', 'float16x8_t', 'vfmaq_laneq_f16', 4),
  grim_fma_laneq5_f16: laneMultiplyAdd('grim_fma_laneq5_f16', 'float16x8_t', 'vfmaq_laneq_f16', 5),
  grim_fma_laneq6_f16: laneMultiplyAdd('grim_fma_laneq6_f16', 'float16x8_t', 'vfmaq_laneq_f16', 6),
  grim_fma_laneq7_f16: laneMultiplyAdd('grim_fma_laneq7_f16', 'float16x8_t', 'vfmaq_laneq_f16', 7),
  grim_load_f32: scalarLoad('grim_load_f32', 'float'),
  grim_load_f32x2: vectorLoad('grim_load_f32x2', 'float32x2_t', 'float', 'vld1_f32'),
  grim_load_f32x4: vectorLoad('grim_load_f32x4', 'float32x4_t', 'float', 'vld1q_f32'),
  grim_load_i32: scalarLoad('grim_load_i32', 'int32_t'),
  grim_load_i32x4: vectorLoad('grim_load_i32x4', 'int32x4_t', 'int32_t', 'vld1q_s32'),
  grim_load_index16: scalarLoad('grim_load_index16', 'uint16_t', 'int32_t'),
  grim_load_splat_f32x4: vectorLoad('grim_load_splat_f32x4', 'float32x4_t', 'float', 'vld1q_dup_f32'),
  grim_load_strided1_f32x4: stridedLoad('grim_load_strided1_f32x4', 1, floatLanes),
  grim_load_strided2_f32x4: stridedLoad('grim_load_strided2_f32x4', 2, floatLanes),
  grim_load_strided3_f32x4: stridedLoad('grim_load_strided3_f32x4', 3, floatLanes),
  grim_load_strided4_f32x4: stridedLoad('grim_load_strided4_f32x4', 4, floatLanes),
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
