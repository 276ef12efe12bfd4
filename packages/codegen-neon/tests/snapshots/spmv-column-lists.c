// 16 rows × 1 positions, block sparse: 16 rows in lanes, 1 positions in registers
static void spmv_r16_p1_bcr2_indexbytes16_addbias_actrelu_t16x1x1x2x1(const unsigned char *restrict input, const unsigned char *restrict weights, const unsigned char *restrict index, const unsigned char *restrict bias, unsigned char *restrict output) {
  const unsigned char *weightStart = weights;
  const unsigned char *indexStart = index;
  const unsigned char *weight = weights;
  const unsigned char *index_ = index;
  const int32_t count = grim_load_index16(indexStart);
  weight = weightStart;
  index_ = indexStart + 2;
  float32x4_t sum0v0p0 = vdupq_n_f32(0.0f);
  float32x4_t sum0v1p0 = vdupq_n_f32(0.0f);
  float32x4_t sum0v2p0 = vdupq_n_f32(0.0f);
  float32x4_t sum0v3p0 = vdupq_n_f32(0.0f);
  const unsigned char *const end = weight + ((count & (-2)) * 64);
  const unsigned char *const end_1 = weight + (count * 64);
  for (const unsigned char *column = weight; column < end; column += 128) {
    const unsigned char *const column_1 = input + grim_load_index16(index_);
    const float x = grim_load_f32(column_1);
    const float32x4_t w = grim_load_f32x4(column);
    const float32x4_t w_1 = grim_load_f32x4(column + 16);
    sum0v0p0 = vfmaq_n_f32(sum0v0p0, w, x);
    sum0v1p0 = vfmaq_n_f32(sum0v1p0, w_1, x);
    const float32x4_t w_2 = grim_load_f32x4(column + 32);
    const float32x4_t w_3 = grim_load_f32x4(column + 48);
    sum0v2p0 = vfmaq_n_f32(sum0v2p0, w_2, x);
    sum0v3p0 = vfmaq_n_f32(sum0v3p0, w_3, x);
    const unsigned char *const column_2 = input + grim_load_index16(index_ + 2);
    const float x_1 = grim_load_f32(column_2);
    const float32x4_t w_4 = grim_load_f32x4(column + 64);
    const float32x4_t w_5 = grim_load_f32x4(column + 80);
    sum0v0p0 = vfmaq_n_f32(sum0v0p0, w_4, x_1);
    sum0v1p0 = vfmaq_n_f32(sum0v1p0, w_5, x_1);
    const float32x4_t w_6 = grim_load_f32x4(column + 96);
    const float32x4_t w_7 = grim_load_f32x4(column + 112);
    sum0v2p0 = vfmaq_n_f32(sum0v2p0, w_6, x_1);
    sum0v3p0 = vfmaq_n_f32(sum0v3p0, w_7, x_1);
    index_ = index_ + 4;
  }
  for (const unsigned char *column_3 = end; column_3 < end_1; column_3 += 64) {
    const unsigned char *const column_4 = input + grim_load_index16(index_);
    const float x_2 = grim_load_f32(column_4);
    const float32x4_t w_8 = grim_load_f32x4(column_3);
    const float32x4_t w_9 = grim_load_f32x4(column_3 + 16);
    sum0v0p0 = vfmaq_n_f32(sum0v0p0, w_8, x_2);
    sum0v1p0 = vfmaq_n_f32(sum0v1p0, w_9, x_2);
    const float32x4_t w_10 = grim_load_f32x4(column_3 + 32);
    const float32x4_t w_11 = grim_load_f32x4(column_3 + 48);
    sum0v2p0 = vfmaq_n_f32(sum0v2p0, w_10, x_2);
    sum0v3p0 = vfmaq_n_f32(sum0v3p0, w_11, x_2);
    index_ = index_ + 2;
  }
  weight = end_1;
  const float32x4_t x_3 = vaddq_f32(sum0v0p0, grim_load_f32x4(bias));
  grim_store_f32x4(output, vmaxq_f32(vdupq_n_f32(0.0f), x_3));
  const float32x4_t x_4 = vaddq_f32(sum0v1p0, grim_load_f32x4(bias + 16));
  grim_store_f32x4(output + 16, vmaxq_f32(vdupq_n_f32(0.0f), x_4));
  const float32x4_t x_5 = vaddq_f32(sum0v2p0, grim_load_f32x4(bias + 32));
  grim_store_f32x4(output + 32, vmaxq_f32(vdupq_n_f32(0.0f), x_5));
  const float32x4_t x_6 = vaddq_f32(sum0v3p0, grim_load_f32x4(bias + 48));
  grim_store_f32x4(output + 48, vmaxq_f32(vdupq_n_f32(0.0f), x_6));
  weightStart = weight;
  indexStart = index_;
}
