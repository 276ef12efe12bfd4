// 8 rows × 6×10 pixels, dense: 4 rows × 2×4 pixels
static void spmm_r8_o6x10_in48_4_out40_240_k27_bias_actrelu_t4x1x2x6xrowsx0x1xsubsetsxregisters(const unsigned char *restrict input, const unsigned char *restrict weights, const unsigned char *restrict index, const unsigned char *restrict bias, unsigned char *restrict output) {
  const unsigned char *start = weights;
  const unsigned char *cursor = weights;
  start = weights;
  for (int32_t row = 0; row < 8; row += 4) {
    for (int32_t y = 0; y < 6; y += 2) {
      const unsigned char *const sourceRow = input + (y * 48);
      unsigned char *const targetRow = output + (y * 40);
      for (int32_t x = 0; x < 10; x += 4) {
        const int32_t least = (x < 6) ? x : 6;
        const unsigned char *const source = sourceRow + (least * 4);
        unsigned char *const targetTile = targetRow + (least * 4);
        cursor = start;
        const float32x4_t b = grim_load_splat_f32x4(bias + (row * 4));
        float32x4_t sum0v0 = b;
        float32x4_t sum0v1 = b;
        const int32_t channel = row + 1;
        const float32x4_t b_1 = grim_load_splat_f32x4(bias + (channel * 4));
        float32x4_t sum1v0 = b_1;
        float32x4_t sum1v1 = b_1;
        const int32_t channel_1 = row + 2;
        const float32x4_t b_2 = grim_load_splat_f32x4(bias + (channel_1 * 4));
        float32x4_t sum2v0 = b_2;
        float32x4_t sum2v1 = b_2;
        const int32_t channel_2 = row + 3;
        const float32x4_t b_3 = grim_load_splat_f32x4(bias + (channel_2 * 4));
        float32x4_t sum3v0 = b_3;
        float32x4_t sum3v1 = b_3;
        for (const unsigned char *column = index; column < index + 108; column += 4) {
          const unsigned char *const at = source + grim_load_i32(column);
          const float32x4_t x_1 = grim_load_f32x4(at);
          const float32x4_t x_2 = grim_load_f32x4(at + 48);
          const float32x4_t w = grim_load_f32x4(cursor);
          sum0v0 = vfmaq_laneq_f32(sum0v0, x_1, w, 0);
          sum0v1 = vfmaq_laneq_f32(sum0v1, x_2, w, 0);
          sum1v0 = vfmaq_laneq_f32(sum1v0, x_1, w, 1);
          sum1v1 = vfmaq_laneq_f32(sum1v1, x_2, w, 1);
          sum2v0 = vfmaq_laneq_f32(sum2v0, x_1, w, 2);
          sum2v1 = vfmaq_laneq_f32(sum2v1, x_2, w, 2);
          sum3v0 = vfmaq_laneq_f32(sum3v0, x_1, w, 3);
          sum3v1 = vfmaq_laneq_f32(sum3v1, x_2, w, 3);
          cursor = cursor + 16;
        }
        unsigned char *const target = targetTile + (row * 240);
        grim_store_f32x4(target, vmaxq_f32(vdupq_n_f32(0.0f), sum0v0));
        grim_store_f32x4(target + 40, vmaxq_f32(vdupq_n_f32(0.0f), sum0v1));
        unsigned char *const target_1 = targetTile + ((row + 1) * 240);
        grim_store_f32x4(target_1, vmaxq_f32(vdupq_n_f32(0.0f), sum1v0));
        grim_store_f32x4(target_1 + 40, vmaxq_f32(vdupq_n_f32(0.0f), sum1v1));
        unsigned char *const target_2 = targetTile + ((row + 2) * 240);
        grim_store_f32x4(target_2, vmaxq_f32(vdupq_n_f32(0.0f), sum2v0));
        grim_store_f32x4(target_2 + 40, vmaxq_f32(vdupq_n_f32(0.0f), sum2v1));
        unsigned char *const target_3 = targetTile + ((row + 3) * 240);
        grim_store_f32x4(target_3, vmaxq_f32(vdupq_n_f32(0.0f), sum3v0));
        grim_store_f32x4(target_3 + 40, vmaxq_f32(vdupq_n_f32(0.0f), sum3v1));
      }
    }
    start = cursor;
  }
}
