// mean of 6 elements for each of 3
static void reduce_fmean_e3_s1x8_over6_by1(const unsigned char *restrict input, unsigned char *restrict output) {
  for (int32_t axis0 = 0; axis0 < 3; axis0++) {
    unsigned char *const at = output + (axis0 * 4);
    const unsigned char *const at_1 = input + (axis0 * 32);
    float32x4_t sum = vdupq_n_f32(0.0f);
    float32x4_t rest = vdupq_n_f32(0.0f);
    sum = vaddq_f32(sum, grim_load_f32x4(at_1));
    rest = vaddq_f32(rest, grim_load_splat_f32x4(at_1 + 16));
    rest = vaddq_f32(rest, grim_load_splat_f32x4(at_1 + 20));
    const float32x4_t partial = vdivq_f32(vaddq_f32(vdupq_n_f32((vgetq_lane_f32(sum, 0) + vgetq_lane_f32(sum, 1)) + (vgetq_lane_f32(sum, 2) + vgetq_lane_f32(sum, 3))), rest), vdupq_n_f32(6.0f));
    grim_store_f32(at, vgetq_lane_f32(partial, 0));
  }
}
