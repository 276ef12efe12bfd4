// 9 rows x 1 positions, block sparse: 8 rows in lanes, 1 positions in registers
__attribute__((reqd_work_group_size(1, 1, 1)))
kernel void spmv_r9_p1_bcr3_indexelements16_scattered_addbias_actrelu_t8x1x2x2x1_g(global const uchar *restrict input_memory, int input_start, global const uchar *restrict weights_memory, int weights_start, global const uchar *restrict index_memory, int index_start, global const uchar *restrict bias_memory, int bias_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const weights = weights_memory + weights_start;
  global const uchar *const index = index_memory + index_start;
  global const uchar *const bias = bias_memory + bias_start;
  global uchar *const output = output_memory + output_start;
  uchar scratch_bytes[48] __attribute__((aligned(16)));
  private uchar *const scratch = scratch_bytes;
  // sums start from the addend
  for (int rowByte = 0; rowByte < 48; rowByte += 16) {
    vstore4(vload4(0, (global const float *)(bias + rowByte)), 0, (private float *)(scratch + rowByte));
  }
  // every group adds to its rows
  int weightStart = 0;
  int indexStart = 0;
  int weight = 0;
  int index_ = 0;
  for (int group = 0; group < 3; group++) {
    const int count = (int)*(global const ushort *)(index + indexStart);
    weight = weightStart;
    index_ = indexStart + 18;
    float4 sum0v0p0 = (float4)(0.0f);
    float4 sum0v1p0 = (float4)(0.0f);
    float4 sum1v0p0 = (float4)(0.0f);
    float4 sum1v1p0 = (float4)(0.0f);
    const int end = weight + ((count & (-2)) * 32);
    const int end_1 = weight + (count * 32);
    for (int column = weight; column < end; column += 64) {
      const int column_1 = as_int(as_uint((int)*(global const ushort *)(index + index_)) << (2));
      const float4 x = (float4)(*(global const float *)(input + column_1));
      const float4 w = vload4(0, (global const float *)(weights + column));
      sum0v0p0 = fma(w, x, sum0v0p0);
      const float4 w_1 = vload4(0, (global const float *)(weights + column + 16));
      sum0v1p0 = fma(w_1, x, sum0v1p0);
      const int column_2 = as_int(as_uint((int)*(global const ushort *)(index + index_ + 2)) << (2));
      const float4 x_1 = (float4)(*(global const float *)(input + column_2));
      const float4 w_2 = vload4(0, (global const float *)(weights + column + 32));
      sum1v0p0 = fma(w_2, x_1, sum1v0p0);
      const float4 w_3 = vload4(0, (global const float *)(weights + column + 48));
      sum1v1p0 = fma(w_3, x_1, sum1v1p0);
      index_ = index_ + 4;
    }
    for (int column_3 = end; column_3 < end_1; column_3 += 32) {
      const int column_4 = as_int(as_uint((int)*(global const ushort *)(index + index_)) << (2));
      const float4 x_2 = (float4)(*(global const float *)(input + column_4));
      const float4 w_4 = vload4(0, (global const float *)(weights + column_3));
      sum0v0p0 = fma(w_4, x_2, sum0v0p0);
      const float4 w_5 = vload4(0, (global const float *)(weights + column_3 + 16));
      sum0v1p0 = fma(w_5, x_2, sum0v1p0);
      index_ = index_ + 2;
    }
    weight = end_1;
    const int rowByte_1 = as_int(as_uint((int)*(global const ushort *)(index + indexStart + 2)) << (2));
    const int rowByte_2 = as_int(as_uint((int)*(global const ushort *)(index + indexStart + 4)) << (2));
    const int rowByte_3 = as_int(as_uint((int)*(global const ushort *)(index + indexStart + 6)) << (2));
    const int rowByte_4 = as_int(as_uint((int)*(global const ushort *)(index + indexStart + 8)) << (2));
    const float4 total = sum0v0p0 + sum1v0p0;
    *(private float *)(scratch + rowByte_1) = total.s0 + (*(private const float *)(scratch + rowByte_1));
    *(private float *)(scratch + rowByte_2) = total.s1 + (*(private const float *)(scratch + rowByte_2));
    *(private float *)(scratch + rowByte_3) = total.s2 + (*(private const float *)(scratch + rowByte_3));
    *(private float *)(scratch + rowByte_4) = total.s3 + (*(private const float *)(scratch + rowByte_4));
    const int rowByte_5 = as_int(as_uint((int)*(global const ushort *)(index + indexStart + 10)) << (2));
    const int rowByte_6 = as_int(as_uint((int)*(global const ushort *)(index + indexStart + 12)) << (2));
    const int rowByte_7 = as_int(as_uint((int)*(global const ushort *)(index + indexStart + 14)) << (2));
    const int rowByte_8 = as_int(as_uint((int)*(global const ushort *)(index + indexStart + 16)) << (2));
    const float4 total_1 = sum0v1p0 + sum1v1p0;
    *(private float *)(scratch + rowByte_5) = total_1.s0 + (*(private const float *)(scratch + rowByte_5));
    *(private float *)(scratch + rowByte_6) = total_1.s1 + (*(private const float *)(scratch + rowByte_6));
    *(private float *)(scratch + rowByte_7) = total_1.s2 + (*(private const float *)(scratch + rowByte_7));
    *(private float *)(scratch + rowByte_8) = total_1.s3 + (*(private const float *)(scratch + rowByte_8));
    weightStart = weight;
    indexStart = index_;
  }
  // results
  for (int rowByte_9 = 0; rowByte_9 < 32; rowByte_9 += 16) {
    const float4 x_3 = vload4(0, (private const float *)(scratch + rowByte_9));
    vstore4(grim_max_f32x4((float4)(0.0f), x_3), 0, (global float *)(output + rowByte_9));
  }
  const float4 x_4 = vload4(0, (private const float *)(scratch + 32));
  const float4 partial = grim_max_f32x4((float4)(0.0f), x_4);
  *(global float *)(output + 32) = partial.s0;
}
