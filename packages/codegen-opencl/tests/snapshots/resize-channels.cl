// linear to 6 channels x 1x12 pixels, channels in lanes
__attribute__((reqd_work_group_size(12, 1, 1)))
kernel void resize_flinear_laneschannels_c6_h1_o1x12_in4_24_out4_48_32_slack2_g_pixel_1x12(global const uchar *restrict input_memory, int input_start, global const uchar *restrict pixels_memory, int pixels_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const pixels = pixels_memory + pixels_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int pixelsOrigin = item0 * 16;
  const int outputOrigin = item0 * 32;
  const int offset = *(global const int *)(pixels + pixelsOrigin);
  const int offset_1 = *(global const int *)(pixels + pixelsOrigin + 4);
  const float4 share = (float4)(*(global const float *)(pixels + pixelsOrigin + 8));
  const float4 share_1 = (float4)(*(global const float *)(pixels + pixelsOrigin + 12));
  vstore4(fma(vload4(0, (global const float *)(input + offset_1)), share_1, vload4(0, (global const float *)(input + offset)) * share), 0, (global float *)(output + outputOrigin));
  const float4 partial = fma(vload4(0, (global const float *)(input + (offset_1 + 16))), share_1, vload4(0, (global const float *)(input + (offset + 16))) * share);
  *(global float *)(output + (outputOrigin + 16)) = partial.s0;
  *(global float *)(output + (outputOrigin + 16) + 4) = partial.s1;
}
