// average of 1x3 windows, 6 channels x 1x5 pixels, channels in lanes
__attribute__((reqd_work_group_size(5, 1, 1)))
kernel void pool_faverage_laneschannels_c6_o1x5_k1x3_tap0_32_in4_0_32_out4_0_32_byperPixel_slack2_g_pixel_1x5(global const uchar *restrict input_memory, int input_start, global const uchar *restrict factor_memory, int factor_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const factor = factor_memory + factor_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int inputOrigin = item0 * 32;
  const int factorOrigin = item0 * 4;
  const int outputOrigin = item0 * 32;
  const float4 factorOfPixel = (float4)(*(global const float *)(factor + factorOrigin));
  float4 sum = (float4)(0.0f);
  sum = sum + vload4(0, (global const float *)(input + inputOrigin));
  sum = sum + vload4(0, (global const float *)(input + inputOrigin + 32));
  sum = sum + vload4(0, (global const float *)(input + inputOrigin + 64));
  vstore4(sum * factorOfPixel, 0, (global float *)(output + outputOrigin));
  float4 sum_1 = (float4)(0.0f);
  sum_1 = sum_1 + vload4(0, (global const float *)(input + (inputOrigin + 16)));
  sum_1 = sum_1 + vload4(0, (global const float *)(input + (inputOrigin + 16) + 32));
  sum_1 = sum_1 + vload4(0, (global const float *)(input + (inputOrigin + 16) + 64));
  const float4 partial = sum_1 * factorOfPixel;
  *(global float *)(output + (outputOrigin + 16)) = partial.s0;
  *(global float *)(output + (outputOrigin + 16) + 4) = partial.s1;
}
