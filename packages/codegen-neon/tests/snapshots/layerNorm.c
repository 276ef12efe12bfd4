// 3 rows of 6 elements, each normalised
static void layerNorm_r3_e6_in24_out32_eps0_00001_bias(const unsigned char *restrict input, const unsigned char *restrict scale, const unsigned char *restrict bias, unsigned char *restrict output) {
  for (int32_t row = 0; row < 3; row++) {
    const unsigned char *const source = input + (row * 24);
    unsigned char *const target = output + (row * 32);
    float32x4_t vectors = vdupq_n_f32(0.0f);
    float32x4_t singles = vdupq_n_f32(0.0f);
    vectors = vaddq_f32(vectors, grim_load_f32x4(source));
    singles = vaddq_f32(singles, grim_load_splat_f32x4(source + 16));
    singles = vaddq_f32(singles, grim_load_splat_f32x4(source + 20));
    const float32x4_t total = vaddq_f32(vdupq_n_f32((vgetq_lane_f32(vectors, 0) + vgetq_lane_f32(vectors, 1)) + (vgetq_lane_f32(vectors, 2) + vgetq_lane_f32(vectors, 3))), singles);
    const float32x4_t mean = vdivq_f32(total, vdupq_n_f32(6.0f));
    float32x4_t vectors_1 = vdupq_n_f32(0.0f);
    float32x4_t singles_1 = vdupq_n_f32(0.0f);
    const float32x4_t difference = vsubq_f32(grim_load_f32x4(source), mean);
    vectors_1 = vaddq_f32(vectors_1, vmulq_f32(difference, difference));
    const float32x4_t difference_1 = vsubq_f32(grim_load_splat_f32x4(source + 16), mean);
    singles_1 = vaddq_f32(singles_1, vmulq_f32(difference_1, difference_1));
    const float32x4_t difference_2 = vsubq_f32(grim_load_splat_f32x4(source + 20), mean);
    singles_1 = vaddq_f32(singles_1, vmulq_f32(difference_2, difference_2));
    const float32x4_t total_1 = vaddq_f32(vdupq_n_f32((vgetq_lane_f32(vectors_1, 0) + vgetq_lane_f32(vectors_1, 1)) + (vgetq_lane_f32(vectors_1, 2) + vgetq_lane_f32(vectors_1, 3))), singles_1);
    const float32x4_t factor = vdivq_f32(vdupq_n_f32(1.0f), vsqrtq_f32(vaddq_f32(vdivq_f32(total_1, vdupq_n_f32(6.0f)), vdupq_n_f32(0.00001f))));
    grim_store_f32x4(target, vfmaq_f32(grim_load_f32x4(bias), grim_load_f32x4(scale), vmulq_f32(vsubq_f32(grim_load_f32x4(source), mean), factor)));
    const float32x4_t partial = vfmaq_n_f32(grim_load_splat_f32x4(bias + 16), vmulq_f32(vsubq_f32(grim_load_splat_f32x4(source + 16), mean), factor), grim_load_f32(scale + 16));
    grim_store_f32(target + 16, vgetq_lane_f32(partial, 0));
    const float32x4_t partial_1 = vfmaq_n_f32(grim_load_splat_f32x4(bias + 20), vmulq_f32(vsubq_f32(grim_load_splat_f32x4(source + 20), mean), factor), grim_load_f32(scale + 20));
    grim_store_f32(target + 20, vgetq_lane_f32(partial_1, 0));
  }
}
