// 18 rows x 1 positions, dense: 16 rows in lanes, 1 positions in registers
__attribute__((reqd_work_group_size(4, 2, 1)))
kernel void spmv_r18_p1_k3x5_step32_addbias_actrelu_t16x1x1x1x1_g_vector_of_rows_4x4_row_16x2(global const uchar *restrict input_memory, int input_start, global const uchar *restrict weights_memory, int weights_start, global const uchar *restrict bias_memory, int bias_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const weights = weights_memory + weights_start;
  global const uchar *const bias = bias_memory + bias_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int item1 = get_global_id(1);
  if (item1 < 1) {
    const int weightsOrigin = (item1 * 960) + (item0 * 16);
    const int biasOrigin = (item1 * 64) + (item0 * 16);
    const int outputOrigin = (item1 * 64) + (item0 * 16);
    int weightStart = 0;
    int weight = 0;
    weight = weightStart;
    float4 sum0v0p0 = (float4)(0.0f);
    for (int run = 0; run < 96; run += 32) {
      for (int offset = 0; offset < 20; offset += 4) {
        const int column = run + offset;
        const float4 x = (float4)(*(global const float *)(input + column));
        const float4 w = vload4(0, (global const float *)(weights + (weightsOrigin + weight)));
        sum0v0p0 = fma(w, x, sum0v0p0);
        weight = weight + 64;
      }
    }
    const float4 x_1 = sum0v0p0 + vload4(0, (global const float *)(bias + biasOrigin));
    vstore4(grim_max_f32x4((float4)(0.0f), x_1), 0, (global float *)(output + outputOrigin));
    weightStart = weight;
  } else {
    if (item0 == 0) {
      const int weightsOrigin_1 = (item1 * 960) + (item0 * 16);
      const int biasOrigin_1 = (item1 * 64) + (item0 * 16);
      const int outputOrigin_1 = (item1 * 64) + (item0 * 16);
      int weightStart = 0;
      int weight = 0;
      weight = weightStart;
      float4 sum0v0p0 = (float4)(0.0f);
      for (int run = 0; run < 96; run += 32) {
        for (int offset = 0; offset < 20; offset += 4) {
          const int column = run + offset;
          const float4 x = (float4)(*(global const float *)(input + column));
          const float4 w = vload4(0, (global const float *)(weights + (weightsOrigin_1 + weight)));
          sum0v0p0 = fma(w, x, sum0v0p0);
          weight = weight + 16;
        }
      }
      const float4 x_1 = sum0v0p0 + vload4(0, (global const float *)(bias + biasOrigin_1));
      const float4 partial = grim_max_f32x4((float4)(0.0f), x_1);
      *(global float *)(output + outputOrigin_1) = partial.s0;
      *(global float *)(output + outputOrigin_1 + 4) = partial.s1;
      weightStart = weight;
    }
  }
}
