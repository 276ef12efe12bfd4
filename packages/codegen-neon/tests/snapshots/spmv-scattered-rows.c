// 9 rows × 1 positions, block sparse: 8 rows in lanes, 1 positions in registers
static void spmv_r9_p1_bcr3_indexelements16_scattered_addbias_actrelu_t8x1x2x2x1(const unsigned char *restrict input, const unsigned char *restrict weights, const unsigned char *restrict index, const unsigned char *restrict bias, unsigned char *restrict scratch, unsigned char *restrict output) {
  // sums start from the addend
  for (int32_t rowByte = 0; rowByte < 48; rowByte += 16) {
    grim_store_f32x4(scratch + rowByte, grim_load_f32x4(bias + rowByte));
  }
  // every group adds to its rows
  int32_t weightStart = 0;
  int32_t indexStart = 0;
  int32_t weight = 0;
  int32_t index_ = 0;
  for (int32_t group = 0; group < 3; group++) {
    const int32_t count = grim_load_index16(index + indexStart);
    weight = weightStart;
    index_ = indexStart + 18;
    float32x4_t sum0v0p0 = vdupq_n_f32(0.0f);
    float32x4_t sum0v1p0 = vdupq_n_f32(0.0f);
    float32x4_t sum1v0p0 = vdupq_n_f32(0.0f);
    float32x4_t sum1v1p0 = vdupq_n_f32(0.0f);
    const int32_t end = weight + ((count & (-2)) * 32);
    const int32_t end_1 = weight + (count * 32);
    for (int32_t column = weight; column < end; column += 64) {
      const int32_t column_1 = (int32_t)((uint32_t)grim_load_index16(index + index_) << 2);
      const float x = grim_load_f32(input + column_1);
      const float32x4_t w = grim_load_f32x4(weights + column);
      sum0v0p0 = vfmaq_n_f32(sum0v0p0, w, x);
      const float32x4_t w_1 = grim_load_f32x4(weights + column + 16);
      sum0v1p0 = vfmaq_n_f32(sum0v1p0, w_1, x);
      const int32_t column_2 = (int32_t)((uint32_t)grim_load_index16(index + index_ + 2) << 2);
      const float x_1 = grim_load_f32(input + column_2);
      const float32x4_t w_2 = grim_load_f32x4(weights + column + 32);
      sum1v0p0 = vfmaq_n_f32(sum1v0p0, w_2, x_1);
      const float32x4_t w_3 = grim_load_f32x4(weights + column + 48);
      sum1v1p0 = vfmaq_n_f32(sum1v1p0, w_3, x_1);
      index_ = index_ + 4;
    }
    for (int32_t column_3 = end; column_3 < end_1; column_3 += 32) {
      const int32_t column_4 = (int32_t)((uint32_t)grim_load_index16(index + index_) << 2);
      const float x_2 = grim_load_f32(input + column_4);
      const float32x4_t w_4 = grim_load_f32x4(weights + column_3);
      sum0v0p0 = vfmaq_n_f32(sum0v0p0, w_4, x_2);
      const float32x4_t w_5 = grim_load_f32x4(weights + column_3 + 16);
      sum0v1p0 = vfmaq_n_f32(sum0v1p0, w_5, x_2);
      index_ = index_ + 2;
    }
    weight = end_1;
    const int32_t rowByte_1 = (int32_t)((uint32_t)grim_load_index16(index + indexStart + 2) << 2);
    const int32_t rowByte_2 = (int32_t)((uint32_t)grim_load_index16(index + indexStart + 4) << 2);
    const int32_t rowByte_3 = (int32_t)((uint32_t)grim_load_index16(index + indexStart + 6) << 2);
    const int32_t rowByte_4 = (int32_t)((uint32_t)grim_load_index16(index + indexStart + 8) << 2);
    const float32x4_t total = vaddq_f32(sum0v0p0, sum1v0p0);
    grim_store_f32(scratch + rowByte_1, vgetq_lane_f32(total, 0) + grim_load_f32(scratch + rowByte_1));
    grim_store_f32(scratch + rowByte_2, vgetq_lane_f32(total, 1) + grim_load_f32(scratch + rowByte_2));
    grim_store_f32(scratch + rowByte_3, vgetq_lane_f32(total, 2) + grim_load_f32(scratch + rowByte_3));
    grim_store_f32(scratch + rowByte_4, vgetq_lane_f32(total, 3) + grim_load_f32(scratch + rowByte_4));
    const int32_t rowByte_5 = (int32_t)((uint32_t)grim_load_index16(index + indexStart + 10) << 2);
    const int32_t rowByte_6 = (int32_t)((uint32_t)grim_load_index16(index + indexStart + 12) << 2);
    const int32_t rowByte_7 = (int32_t)((uint32_t)grim_load_index16(index + indexStart + 14) << 2);
    const int32_t rowByte_8 = (int32_t)((uint32_t)grim_load_index16(index + indexStart + 16) << 2);
    const float32x4_t total_1 = vaddq_f32(sum0v1p0, sum1v1p0);
    grim_store_f32(scratch + rowByte_5, vgetq_lane_f32(total_1, 0) + grim_load_f32(scratch + rowByte_5));
    grim_store_f32(scratch + rowByte_6, vgetq_lane_f32(total_1, 1) + grim_load_f32(scratch + rowByte_6));
    grim_store_f32(scratch + rowByte_7, vgetq_lane_f32(total_1, 2) + grim_load_f32(scratch + rowByte_7));
    grim_store_f32(scratch + rowByte_8, vgetq_lane_f32(total_1, 3) + grim_load_f32(scratch + rowByte_8));
    weightStart = weight;
    indexStart = index_;
  }
  // results
  for (int32_t rowByte_9 = 0; rowByte_9 < 32; rowByte_9 += 16) {
    const float32x4_t x_3 = grim_load_f32x4(scratch + rowByte_9);
    grim_store_f32x4(output + rowByte_9, vmaxq_f32(vdupq_n_f32(0.0f), x_3));
  }
  const float32x4_t x_4 = grim_load_f32x4(scratch + 32);
  const float32x4_t partial = vmaxq_f32(vdupq_n_f32(0.0f), x_4);
  grim_store_f32(output + 32, vgetq_lane_f32(partial, 0));
}
