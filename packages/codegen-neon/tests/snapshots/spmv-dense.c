// 18 rows × 1 positions, dense: 16 rows in lanes, 1 positions in registers
static void spmv_r18_p1_k3x5_step32_addbias_actrelu_t16x1x1x1x1(const unsigned char *restrict input, const unsigned char *restrict weights, const unsigned char *restrict bias, unsigned char *restrict output) {
  const unsigned char *weightStart = weights;
  const unsigned char *weight = weights;
  weight = weightStart;
  float32x4_t sum0v0p0 = vdupq_n_f32(0.0f);
  float32x4_t sum0v1p0 = vdupq_n_f32(0.0f);
  float32x4_t sum0v2p0 = vdupq_n_f32(0.0f);
  float32x4_t sum0v3p0 = vdupq_n_f32(0.0f);
  for (const unsigned char *run = input; run < input + 96; run += 32) {
    for (int32_t offset = 0; offset < 20; offset += 4) {
      const unsigned char *const column = run + offset;
      const float x = grim_load_f32(column);
      const float32x4_t w = grim_load_f32x4(weight);
      const float32x4_t w_1 = grim_load_f32x4(weight + 16);
      sum0v0p0 = vfmaq_n_f32(sum0v0p0, w, x);
      sum0v1p0 = vfmaq_n_f32(sum0v1p0, w_1, x);
      const float32x4_t w_2 = grim_load_f32x4(weight + 32);
      const float32x4_t w_3 = grim_load_f32x4(weight + 48);
      sum0v2p0 = vfmaq_n_f32(sum0v2p0, w_2, x);
      sum0v3p0 = vfmaq_n_f32(sum0v3p0, w_3, x);
      weight = weight + 64;
    }
  }
  const float32x4_t x_1 = vaddq_f32(sum0v0p0, grim_load_f32x4(bias));
  grim_store_f32x4(output, vmaxq_f32(vdupq_n_f32(0.0f), x_1));
  const float32x4_t x_2 = vaddq_f32(sum0v1p0, grim_load_f32x4(bias + 16));
  grim_store_f32x4(output + 16, vmaxq_f32(vdupq_n_f32(0.0f), x_2));
  const float32x4_t x_3 = vaddq_f32(sum0v2p0, grim_load_f32x4(bias + 32));
  grim_store_f32x4(output + 32, vmaxq_f32(vdupq_n_f32(0.0f), x_3));
  const float32x4_t x_4 = vaddq_f32(sum0v3p0, grim_load_f32x4(bias + 48));
  grim_store_f32x4(output + 48, vmaxq_f32(vdupq_n_f32(0.0f), x_4));
  weightStart = weight;
  weight = weightStart;
  float32x4_t sum0v0p0_1 = vdupq_n_f32(0.0f);
  for (const unsigned char *run_1 = input; run_1 < input + 96; run_1 += 32) {
    for (int32_t offset_1 = 0; offset_1 < 20; offset_1 += 4) {
      const unsigned char *const column_1 = run_1 + offset_1;
      const float x_5 = grim_load_f32(column_1);
      const float32x4_t w_4 = grim_load_f32x4(weight);
      sum0v0p0_1 = vfmaq_n_f32(sum0v0p0_1, w_4, x_5);
      weight = weight + 16;
    }
  }
  const float32x4_t x_6 = vaddq_f32(sum0v0p0_1, grim_load_f32x4(bias + 64));
  const float32x4_t partial = vmaxq_f32(vdupq_n_f32(0.0f), x_6);
  grim_store_f32(output + 64, vgetq_lane_f32(partial, 0));
  grim_store_f32(output + 68, vgetq_lane_f32(partial, 1));
  weightStart = weight;
}
