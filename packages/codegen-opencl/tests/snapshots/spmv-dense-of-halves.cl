// 36 rows x 1 positions, dense: 32 rows in lanes, 1 positions in registers
__attribute__((reqd_work_group_size(1, 1, 1)))
kernel void spmv_f16_r36_p1_k3x5_step16_addbias_actrelu_t32x1x1x1x1(global const uchar *restrict input_memory, int input_start, global const uchar *restrict weights_memory, int weights_start, global const uchar *restrict bias_memory, int bias_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const weights = weights_memory + weights_start;
  global const uchar *const bias = bias_memory + bias_start;
  global uchar *const output = output_memory + output_start;
  int weightStart = 0;
  int weight = 0;
  weight = weightStart;
  half8 sum0v0p0 = (half8)((half)0.0f);
  half8 sum0v1p0 = (half8)((half)0.0f);
  half8 sum0v2p0 = (half8)((half)0.0f);
  half8 sum0v3p0 = (half8)((half)0.0f);
  for (int run = 0; run < 48; run += 16) {
    for (int offset = 0; offset < 10; offset += 2) {
      const int column = run + offset;
      const half8 x = (half8)(*(global const half *)(input + column));
      const half8 w = vload8(0, (global const half *)(weights + weight));
      sum0v0p0 = fma(w, x, sum0v0p0);
      const half8 w_1 = vload8(0, (global const half *)(weights + weight + 16));
      sum0v1p0 = fma(w_1, x, sum0v1p0);
      const half8 w_2 = vload8(0, (global const half *)(weights + weight + 32));
      sum0v2p0 = fma(w_2, x, sum0v2p0);
      const half8 w_3 = vload8(0, (global const half *)(weights + weight + 48));
      sum0v3p0 = fma(w_3, x, sum0v3p0);
      weight = weight + 64;
    }
  }
  const half8 x_1 = sum0v0p0 + vload8(0, (global const half *)(bias));
  vstore8(grim_max_f16x8((half8)((half)0.0f), x_1), 0, (global half *)(output));
  const half8 x_2 = sum0v1p0 + vload8(0, (global const half *)(bias + 16));
  vstore8(grim_max_f16x8((half8)((half)0.0f), x_2), 0, (global half *)(output + 16));
  const half8 x_3 = sum0v2p0 + vload8(0, (global const half *)(bias + 32));
  vstore8(grim_max_f16x8((half8)((half)0.0f), x_3), 0, (global half *)(output + 32));
  const half8 x_4 = sum0v3p0 + vload8(0, (global const half *)(bias + 48));
  vstore8(grim_max_f16x8((half8)((half)0.0f), x_4), 0, (global half *)(output + 48));
  weightStart = weight;
  weight = weightStart;
  half8 sum0v0p0_1 = (half8)((half)0.0f);
  for (int run_1 = 0; run_1 < 48; run_1 += 16) {
    for (int offset_1 = 0; offset_1 < 10; offset_1 += 2) {
      const int column_1 = run_1 + offset_1;
      const half8 x_5 = (half8)(*(global const half *)(input + column_1));
      const half8 w_4 = vload8(0, (global const half *)(weights + weight));
      sum0v0p0_1 = fma(w_4, x_5, sum0v0p0_1);
      weight = weight + 16;
    }
  }
  const half8 x_6 = sum0v0p0_1 + vload8(0, (global const half *)(bias + 64));
  const half8 partial = grim_max_f16x8((half8)((half)0.0f), x_6);
  *(global half *)(output + 64) = partial.s0;
  *(global half *)(output + 66) = partial.s1;
  *(global half *)(output + 68) = partial.s2;
  *(global half *)(output + 70) = partial.s3;
  weightStart = weight;
}
