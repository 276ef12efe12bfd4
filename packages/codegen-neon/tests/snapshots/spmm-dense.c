// 8 rows × 6×10 pixels, dense: 4 rows × 1×8 pixels
static void spmm_r8_o6x10_in48_4_out40_240_k27_bias_actrelu_t4x2x1x6xrowsx0x1xsubsets(const unsigned char *restrict input, const unsigned char *restrict weights, const unsigned char *restrict index, const unsigned char *restrict bias, unsigned char *restrict output) {
  int32_t start = 0;
  int32_t cursor = 0;
  start = 0;
  for (int32_t row = 0; row < 8; row += 4) {
    for (int32_t y = 0; y < 6; y++) {
      const int32_t sourceRow = y * 48;
      const int32_t targetRow = y * 40;
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
      for (int32_t column = 0; column < 108; column += 4) {
        const int32_t at = sourceRow + grim_load_i32(index + column);
        const float32x4_t x = grim_load_f32x4(input + at);
        const float32x4_t x_1 = grim_load_f32x4(input + at + 16);
        const float32x4_t w = grim_load_f32x4(weights + cursor);
        sum0v0 = vfmaq_laneq_f32(sum0v0, x, w, 0);
        sum0v1 = vfmaq_laneq_f32(sum0v1, x_1, w, 0);
        sum1v0 = vfmaq_laneq_f32(sum1v0, x, w, 1);
        sum1v1 = vfmaq_laneq_f32(sum1v1, x_1, w, 1);
        sum2v0 = vfmaq_laneq_f32(sum2v0, x, w, 2);
        sum2v1 = vfmaq_laneq_f32(sum2v1, x_1, w, 2);
        sum3v0 = vfmaq_laneq_f32(sum3v0, x, w, 3);
        sum3v1 = vfmaq_laneq_f32(sum3v1, x_1, w, 3);
        cursor = cursor + 16;
      }
      const int32_t target = targetRow + (row * 240);
      grim_store_f32x4(output + target, vmaxq_f32(vdupq_n_f32(0.0f), sum0v0));
      grim_store_f32x4(output + target + 16, vmaxq_f32(vdupq_n_f32(0.0f), sum0v1));
      const int32_t target_1 = targetRow + ((row + 1) * 240);
      grim_store_f32x4(output + target_1, vmaxq_f32(vdupq_n_f32(0.0f), sum1v0));
      grim_store_f32x4(output + target_1 + 16, vmaxq_f32(vdupq_n_f32(0.0f), sum1v1));
      const int32_t target_2 = targetRow + ((row + 2) * 240);
      grim_store_f32x4(output + target_2, vmaxq_f32(vdupq_n_f32(0.0f), sum2v0));
      grim_store_f32x4(output + target_2 + 16, vmaxq_f32(vdupq_n_f32(0.0f), sum2v1));
      const int32_t target_3 = targetRow + ((row + 3) * 240);
      grim_store_f32x4(output + target_3, vmaxq_f32(vdupq_n_f32(0.0f), sum3v0));
      grim_store_f32x4(output + target_3 + 16, vmaxq_f32(vdupq_n_f32(0.0f), sum3v1));
      const int32_t source = sourceRow + 24;
      const int32_t targetTile = targetRow + 24;
      cursor = start;
      const float32x4_t b_4 = grim_load_splat_f32x4(bias + (row * 4));
      float32x4_t sum0v0_1 = b_4;
      const int32_t channel_3 = row + 1;
      const float32x4_t b_5 = grim_load_splat_f32x4(bias + (channel_3 * 4));
      float32x4_t sum1v0_1 = b_5;
      const int32_t channel_4 = row + 2;
      const float32x4_t b_6 = grim_load_splat_f32x4(bias + (channel_4 * 4));
      float32x4_t sum2v0_1 = b_6;
      const int32_t channel_5 = row + 3;
      const float32x4_t b_7 = grim_load_splat_f32x4(bias + (channel_5 * 4));
      float32x4_t sum3v0_1 = b_7;
      for (int32_t column_1 = 0; column_1 < 108; column_1 += 4) {
        const int32_t at_1 = source + grim_load_i32(index + column_1);
        const float32x4_t x_2 = grim_load_f32x4(input + at_1);
        const float32x4_t w_4 = grim_load_f32x4(weights + cursor);
        sum0v0_1 = vfmaq_laneq_f32(sum0v0_1, x_2, w_4, 0);
        sum1v0_1 = vfmaq_laneq_f32(sum1v0_1, x_2, w_4, 1);
        sum2v0_1 = vfmaq_laneq_f32(sum2v0_1, x_2, w_4, 2);
        sum3v0_1 = vfmaq_laneq_f32(sum3v0_1, x_2, w_4, 3);
        cursor = cursor + 16;
      }
      const int32_t target_4 = targetTile + (row * 240);
      grim_store_f32x4(output + target_4, vmaxq_f32(vdupq_n_f32(0.0f), sum0v0_1));
      const int32_t target_5 = targetTile + ((row + 1) * 240);
      grim_store_f32x4(output + target_5, vmaxq_f32(vdupq_n_f32(0.0f), sum1v0_1));
      const int32_t target_6 = targetTile + ((row + 2) * 240);
      grim_store_f32x4(output + target_6, vmaxq_f32(vdupq_n_f32(0.0f), sum2v0_1));
      const int32_t target_7 = targetTile + ((row + 3) * 240);
      grim_store_f32x4(output + target_7, vmaxq_f32(vdupq_n_f32(0.0f), sum3v0_1));
    }
    start = cursor;
  }
}
