// 9 rows × 1 positions, block sparse: 8 rows in lanes, 1 positions in registers
static void spmv_r9_p1_bcr3_indexelements16_scattered_addbias_actrelu_t8x1x2x2x1(const unsigned char *restrict input, const unsigned char *restrict weights, const unsigned char *restrict index, const unsigned char *restrict bias, unsigned char *restrict scratch, unsigned char *restrict output) {
  // sums start from the addend
  for (int32_t rowByte = 0; rowByte < 48; rowByte += 16) {
    grim_store_f32x4(scratch + rowByte, grim_load_f32x4(bias + rowByte));
  }
  // every group adds to its rows
  const unsigned char *weightStart = weights;
  const unsigned char *indexStart = index;
  const unsigned char *weight = weights;
  const unsigned char *index_ = index;
  for (int32_t group = 0; group < 3; group++) {
    const int32_t count = grim_load_index16(indexStart);
    weight = weightStart;
    index_ = indexStart + 18;
    float32x4_t sum0v0p0 = vdupq_n_f32(0.0f);
    float32x4_t sum0v1p0 = vdupq_n_f32(0.0f);
    float32x4_t sum1v0p0 = vdupq_n_f32(0.0f);
    float32x4_t sum1v1p0 = vdupq_n_f32(0.0f);
    const unsigned char *const end = weight + ((count & (-2)) * 32);
    const unsigned char *const end_1 = weight + (count * 32);
    for (const unsigned char *column = weight; column < end; column += 64) {
      const unsigned char *const column_1 = input + (int32_t)((uint32_t)grim_load_index16(index_) << 2);
      const float x = grim_load_f32(column_1);
      const float32x4_t w = grim_load_f32x4(column);
      const float32x4_t w_1 = grim_load_f32x4(column + 16);
      sum0v0p0 = vfmaq_n_f32(sum0v0p0, w, x);
      sum0v1p0 = vfmaq_n_f32(sum0v1p0, w_1, x);
      const unsigned char *const column_2 = input + (int32_t)((uint32_t)grim_load_index16(index_ + 2) << 2);
      const float x_1 = grim_load_f32(column_2);
      const float32x4_t w_2 = grim_load_f32x4(column + 32);
      const float32x4_t w_3 = grim_load_f32x4(column + 48);
      sum1v0p0 = vfmaq_n_f32(sum1v0p0, w_2, x_1);
      sum1v1p0 = vfmaq_n_f32(sum1v1p0, w_3, x_1);
      index_ = index_ + 4;
    }
    for (const unsigned char *column_3 = end; column_3 < end_1; column_3 += 32) {
      const unsigned char *const column_4 = input + (int32_t)((uint32_t)grim_load_index16(index_) << 2);
      const float x_2 = grim_load_f32(column_4);
      const float32x4_t w_4 = grim_load_f32x4(column_3);
      const float32x4_t w_5 = grim_load_f32x4(column_3 + 16);
      sum0v0p0 = vfmaq_n_f32(sum0v0p0, w_4, x_2);
      sum0v1p0 = vfmaq_n_f32(sum0v1p0, w_5, x_2);
      index_ = index_ + 2;
    }
    weight = end_1;
    unsigned char *const rowByte_1 = scratch + (int32_t)((uint32_t)grim_load_index16(indexStart + 2) << 2);
    unsigned char *const rowByte_2 = scratch + (int32_t)((uint32_t)grim_load_index16(indexStart + 4) << 2);
    unsigned char *const rowByte_3 = scratch + (int32_t)((uint32_t)grim_load_index16(indexStart + 6) << 2);
    unsigned char *const rowByte_4 = scratch + (int32_t)((uint32_t)grim_load_index16(indexStart + 8) << 2);
    const float32x4_t total = vaddq_f32(sum0v0p0, sum1v0p0);
    grim_store_f32(rowByte_1, vgetq_lane_f32(total, 0) + grim_load_f32(rowByte_1));
    grim_store_f32(rowByte_2, vgetq_lane_f32(total, 1) + grim_load_f32(rowByte_2));
    grim_store_f32(rowByte_3, vgetq_lane_f32(total, 2) + grim_load_f32(rowByte_3));
    grim_store_f32(rowByte_4, vgetq_lane_f32(total, 3) + grim_load_f32(rowByte_4));
    unsigned char *const rowByte_5 = scratch + (int32_t)((uint32_t)grim_load_index16(indexStart + 10) << 2);
    unsigned char *const rowByte_6 = scratch + (int32_t)((uint32_t)grim_load_index16(indexStart + 12) << 2);
    unsigned char *const rowByte_7 = scratch + (int32_t)((uint32_t)grim_load_index16(indexStart + 14) << 2);
    unsigned char *const rowByte_8 = scratch + (int32_t)((uint32_t)grim_load_index16(indexStart + 16) << 2);
    const float32x4_t total_1 = vaddq_f32(sum0v1p0, sum1v1p0);
    grim_store_f32(rowByte_5, vgetq_lane_f32(total_1, 0) + grim_load_f32(rowByte_5));
    grim_store_f32(rowByte_6, vgetq_lane_f32(total_1, 1) + grim_load_f32(rowByte_6));
    grim_store_f32(rowByte_7, vgetq_lane_f32(total_1, 2) + grim_load_f32(rowByte_7));
    grim_store_f32(rowByte_8, vgetq_lane_f32(total_1, 3) + grim_load_f32(rowByte_8));
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
