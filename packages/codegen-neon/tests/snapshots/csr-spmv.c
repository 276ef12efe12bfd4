// 5 rows of compressed sparse rows, 2 sum(s) per row
static void csrSpmv_r5_indexbytes16_t2(const unsigned char *restrict input, const unsigned char *restrict values, const unsigned char *restrict columns, const unsigned char *restrict rowStarts, unsigned char *restrict output) {
  int32_t start = grim_load_i32(rowStarts);
  for (int32_t rowByte = 0; rowByte < 20; rowByte += 4) {
    const int32_t end = grim_load_i32(rowStarts + rowByte + 4);
    float sum0 = 0.0f;
    float sum1 = 0.0f;
    const int32_t wholeEnd = start + ((end - start) & (-8));
    for (int32_t entry = start; entry < wholeEnd; entry += 8) {
      sum0 = fmaf(grim_load_f32(values + entry), grim_load_f32(input + grim_load_index16(columns + (int32_t)((uint32_t)entry >> 1))), sum0);
      sum1 = fmaf(grim_load_f32(values + entry + 4), grim_load_f32(input + grim_load_index16(columns + (int32_t)((uint32_t)entry >> 1) + 2)), sum1);
    }
    for (int32_t rest = wholeEnd; rest < end; rest += 4) {
      sum0 = fmaf(grim_load_f32(values + rest), grim_load_f32(input + grim_load_index16(columns + (int32_t)((uint32_t)rest >> 1))), sum0);
    }
    grim_store_f32(output + rowByte, sum0 + sum1);
    start = end;
  }
}
