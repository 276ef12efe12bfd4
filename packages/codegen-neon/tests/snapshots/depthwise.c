// 6 channels in lanes × 5 positions, 3 taps
static void depthwise_c6_p5_k3_tap32_in32_out32_bias_slack2_actrelu(const unsigned char *restrict input, const unsigned char *restrict weights, const unsigned char *restrict bias, unsigned char *restrict output) {
  const float32x4_t w = grim_load_f32x4(weights);
  const float32x4_t w_1 = grim_load_f32x4(weights + 32);
  const float32x4_t w_2 = grim_load_f32x4(weights + 64);
  const float32x4_t b = grim_load_f32x4(bias);
  for (int32_t position = 0; position < 5; position++) {
    const unsigned char *const source = input + (position * 32);
    unsigned char *const target = output + (position * 32);
    const float32x4_t x = vfmaq_f32(vfmaq_f32(vfmaq_f32(b, grim_load_f32x4(source), w), grim_load_f32x4(source + 32), w_1), grim_load_f32x4(source + 64), w_2);
    grim_store_f32x4(target, vmaxq_f32(vdupq_n_f32(0.0f), x));
  }
  const float32x4_t w_3 = grim_load_f32x4(weights + 16);
  const float32x4_t w_4 = grim_load_f32x4(weights + 48);
  const float32x4_t w_5 = grim_load_f32x4(weights + 80);
  const float32x4_t b_1 = grim_load_f32x4(bias + 16);
  for (int32_t position_1 = 0; position_1 < 5; position_1++) {
    const unsigned char *const source_1 = input + ((position_1 * 32) + 16);
    unsigned char *const target_1 = output + ((position_1 * 32) + 16);
    const float32x4_t x_1 = vfmaq_f32(vfmaq_f32(vfmaq_f32(b_1, grim_load_f32x4(source_1), w_3), grim_load_f32x4(source_1 + 32), w_4), grim_load_f32x4(source_1 + 64), w_5);
    grim_store_f32x4(target_1, vmaxq_f32(vdupq_n_f32(0.0f), x_1));
  }
}
