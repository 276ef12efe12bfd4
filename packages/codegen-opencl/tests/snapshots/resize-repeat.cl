// repeat2x2 to 3 channels x 4x12 pixels, pixels in lanes
__attribute__((reqd_work_group_size(3, 1, 1)))
kernel void resize_frepeat2x2_lanespixels_c3_h2_o4x12_in48_24_out192_48_4_g_channel_1x3(global const uchar *restrict input_memory, int input_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int inputOrigin = item0 * 48;
  const int outputOrigin = item0 * 192;
  for (int row = 0; row < 2; row++) {
    const int sourceRow = row * 24;
    const int targetRow = row * 96;
    const float4 four = vload4(0, (global const float *)(input + (inputOrigin + sourceRow)));
    const float4 repeated = four.s0011;
    vstore4(repeated, 0, (global float *)(output + (outputOrigin + targetRow)));
    vstore4(repeated, 0, (global float *)(output + (outputOrigin + targetRow) + 48));
    const float4 repeated_1 = four.s2233;
    vstore4(repeated_1, 0, (global float *)(output + (outputOrigin + targetRow) + 16));
    vstore4(repeated_1, 0, (global float *)(output + (outputOrigin + targetRow) + 64));
    const float4 four_1 = vload4(0, (global const float *)(input + (inputOrigin + (sourceRow + 8))));
    const int target = targetRow + 16;
    const float4 repeated_2 = four_1.s0011;
    vstore4(repeated_2, 0, (global float *)(output + (outputOrigin + target)));
    vstore4(repeated_2, 0, (global float *)(output + (outputOrigin + target) + 48));
    const float4 repeated_3 = four_1.s2233;
    vstore4(repeated_3, 0, (global float *)(output + (outputOrigin + target) + 16));
    vstore4(repeated_3, 0, (global float *)(output + (outputOrigin + target) + 64));
  }
}
