// average of 1x3 windows, 6 channels × 1×5 pixels, channels in lanes
static void pool_faverage_laneschannels_c6_o1x5_k1x3_tap0_32_in4_0_32_out4_0_32_byperPixel_slack2(const unsigned char *restrict input, const unsigned char *restrict factor, unsigned char *restrict output) {
  for (int32_t x = 0; x < 5; x++) {
    const unsigned char *const source = input + (x * 32);
    unsigned char *const target = output + (x * 32);
    const float32x4_t factorOfPixel = grim_load_splat_f32x4(factor + (x * 4));
    float32x4_t sum = vdupq_n_f32(0.0f);
    sum = vaddq_f32(sum, grim_load_f32x4(source));
    sum = vaddq_f32(sum, grim_load_f32x4(source + 32));
    sum = vaddq_f32(sum, grim_load_f32x4(source + 64));
    grim_store_f32x4(target, vmulq_f32(sum, factorOfPixel));
    const unsigned char *const at = source + 16;
    float32x4_t sum_1 = vdupq_n_f32(0.0f);
    sum_1 = vaddq_f32(sum_1, grim_load_f32x4(at));
    sum_1 = vaddq_f32(sum_1, grim_load_f32x4(at + 32));
    sum_1 = vaddq_f32(sum_1, grim_load_f32x4(at + 64));
    unsigned char *const to = target + 16;
    grim_store_f32x4(to, vmulq_f32(sum_1, factorOfPixel));
  }
}
