// bilinear to 3 channels x 4x12 pixels, pixels in lanes
__attribute__((reqd_work_group_size(3, 1, 1)))
kernel void resize_fbilinear_lanespixels_c3_h2_o4x12_in48_24_out192_48_4_g_channel_1x3(global const uchar *restrict input_memory, int input_start, global const uchar *restrict rows_memory, int rows_start, global const uchar *restrict pixels_memory, int pixels_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const rows = rows_memory + rows_start;
  global const uchar *const pixels = pixels_memory + pixels_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  uchar scratch_bytes[96] __attribute__((aligned(16)));
  private uchar *const scratch = scratch_bytes;
  const int inputOrigin = item0 * 48;
  const int outputOrigin = item0 * 192;
  for (int row = 0; row < 2; row++) {
    const int sourceRow = row * 24;
    const int scratchRow = row * 48;
    for (int x = 0; x < 12; x++) {
      const int entry = x * 16;
      const int target = scratchRow + (x * 4);
      *(private float *)(scratch + target) = fma(*(global const float *)(input + (inputOrigin + (sourceRow + (*(global const int *)(pixels + entry + 4))))), *(global const float *)(pixels + entry + 12), (*(global const float *)(input + (inputOrigin + (sourceRow + (*(global const int *)(pixels + entry)))))) * (*(global const float *)(pixels + entry + 8)));
    }
  }
  for (int y = 0; y < 4; y++) {
    const int entry_1 = y * 16;
    const int lower = *(global const int *)(rows + entry_1);
    const int upper = *(global const int *)(rows + entry_1 + 4);
    const float4 lowerShare = (float4)(*(global const float *)(rows + entry_1 + 8));
    const float4 upperShare = (float4)(*(global const float *)(rows + entry_1 + 12));
    const int targetRow = y * 48;
    for (int x_1 = 0; x_1 < 48; x_1 += 16) {
      const int target_1 = targetRow + x_1;
      vstore4(fma(vload4(0, (private const float *)(scratch + (upper + x_1))), upperShare, vload4(0, (private const float *)(scratch + (lower + x_1))) * lowerShare), 0, (global float *)(output + (outputOrigin + target_1)));
    }
  }
}
