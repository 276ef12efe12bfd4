// mean of 6 elements for each of 3
__attribute__((reqd_work_group_size(3, 1, 1)))
kernel void reduce_fmean_e3_s1x8_over6_by1_g_axis_0_1x3(global const uchar *restrict input_memory, int input_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int inputOrigin = item0 * 32;
  const int outputOrigin = item0 * 4;
  float4 sum = (float4)(0.0f);
  float4 rest = (float4)(0.0f);
  sum = sum + vload4(0, (global const float *)(input + inputOrigin));
  rest = rest + (float4)(*(global const float *)(input + inputOrigin + 16));
  rest = rest + (float4)(*(global const float *)(input + inputOrigin + 20));
  const float4 partial = ((float4)((sum.s0 + sum.s1) + (sum.s2 + sum.s3)) + rest) / (float4)(6.0f);
  *(global float *)(output + outputOrigin) = partial.s0;
}
