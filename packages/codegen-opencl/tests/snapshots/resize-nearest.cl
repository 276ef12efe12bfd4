// nearest to 3 channels x 4x12 pixels, pixels in lanes
__attribute__((reqd_work_group_size(3, 1, 1)))
kernel void resize_fnearest_lanespixels_c3_h2_o4x12_in48_24_out192_48_4_g_channel_1x3(global const uchar *restrict input_memory, int input_start, global const uchar *restrict rows_memory, int rows_start, global const uchar *restrict pixels_memory, int pixels_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const rows = rows_memory + rows_start;
  global const uchar *const pixels = pixels_memory + pixels_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int inputOrigin = item0 * 48;
  const int outputOrigin = item0 * 192;
  for (int y = 0; y < 4; y++) {
    const int sourceRow = *(global const int *)(rows + (y * 16));
    const int targetRow = y * 48;
    for (int x = 0; x < 12; x++) {
      const int target = targetRow + (x * 4);
      *(global float *)(output + (outputOrigin + target)) = *(global const float *)(input + (inputOrigin + (sourceRow + (*(global const int *)(pixels + (x * 16))))));
    }
  }
}
