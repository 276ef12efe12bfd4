// 16 rows x 1 positions, block sparse: 16 rows in lanes, 1 positions in registers
__attribute__((reqd_work_group_size(4, 1, 1)))
kernel void spmv_r16_p1_bcr2_indexbytes16_addbias_actrelu_t16x1x1x2x1_g_vector_of_rows_4x4(global const uchar *restrict input_memory, int input_start, global const uchar *restrict weights_memory, int weights_start, global const uchar *restrict index_memory, int index_start, global const uchar *restrict bias_memory, int bias_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const weights = weights_memory + weights_start;
  global const uchar *const index = index_memory + index_start;
  global const uchar *const bias = bias_memory + bias_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int weightsOrigin = item0 * 16;
  const int biasOrigin = item0 * 16;
  const int outputOrigin = item0 * 16;
  int weightStart = 0;
  int indexStart = 0;
  int weight = 0;
  int index_ = 0;
  const int count = (int)*(global const ushort *)(index + indexStart);
  weight = weightStart;
  index_ = indexStart + 2;
  float4 sum0v0p0 = (float4)(0.0f);
  const int end = weight + ((count & (-2)) * 64);
  const int end_1 = weight + (count * 64);
  for (int column = weight; column < end; column += 128) {
    const int column_1 = (int)*(global const ushort *)(index + index_);
    const float4 x = (float4)(*(global const float *)(input + column_1));
    const float4 w = vload4(0, (global const float *)(weights + (weightsOrigin + column)));
    sum0v0p0 = fma(w, x, sum0v0p0);
    const int column_2 = (int)*(global const ushort *)(index + index_ + 2);
    const float4 x_1 = (float4)(*(global const float *)(input + column_2));
    const float4 w_1 = vload4(0, (global const float *)(weights + (weightsOrigin + column) + 64));
    sum0v0p0 = fma(w_1, x_1, sum0v0p0);
    index_ = index_ + 4;
  }
  for (int column_3 = end; column_3 < end_1; column_3 += 64) {
    const int column_4 = (int)*(global const ushort *)(index + index_);
    const float4 x_2 = (float4)(*(global const float *)(input + column_4));
    const float4 w_2 = vload4(0, (global const float *)(weights + (weightsOrigin + column_3)));
    sum0v0p0 = fma(w_2, x_2, sum0v0p0);
    index_ = index_ + 2;
  }
  weight = end_1;
  const float4 x_3 = sum0v0p0 + vload4(0, (global const float *)(bias + biasOrigin));
  vstore4(grim_max_f32x4((float4)(0.0f), x_3), 0, (global float *)(output + outputOrigin));
  weightStart = weight;
  indexStart = index_;
}
