// 8 rows x 6x10 pixels, dense: 4 rows x 2x4 pixels
// spmm_r8_o6x10_in48.4_out40.240_k27_bias_actrelu_t4x1x2x6xrowsx0x1xsubsetsxregisters_g_pixel.4x3_row.of.pixels.2x3_row.4x2
__attribute__((reqd_work_group_size(3, 3, 2)))
kernel void spmm_r8_o6x10_in48_4_out40_240_k27_bias_actrelu_t4x1x2x6xrowsx0x1xsubsetsxregisters_g_pixel_4x3_row_of_pixels_2x_7kri6i(global const uchar *restrict input_memory, int input_start, global const uchar *restrict weights_memory, int weights_start, global const uchar *restrict index_memory, int index_start, global const uchar *restrict bias_memory, int bias_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const weights = weights_memory + weights_start;
  global const uchar *const index = index_memory + index_start;
  global const uchar *const bias = bias_memory + bias_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int item1 = get_global_id(1);
  const int item2 = get_global_id(2);
  if (item0 < 2) {
    const int inputOrigin = (item1 * 96) + (item0 * 16);
    const int weightsOrigin = item2 * 432;
    const int biasOrigin = item2 * 16;
    const int outputOrigin = ((item1 * 80) + (item2 * 960)) + (item0 * 16);
    int start = 0;
    int cursor = 0;
    start = 0;
    const int least = (6 < 2) ? 6 : 2;
    for (int y = 0; y < least; y += 2) {
      const int sourceRow = y * 48;
      const int targetRow = y * 40;
      cursor = start;
      const float4 b = (float4)(*(global const float *)(bias + biasOrigin));
      float4 sum0v0 = b;
      float4 sum0v1 = b;
      const float4 b_1 = (float4)(*(global const float *)(bias + (biasOrigin + 4)));
      float4 sum1v0 = b_1;
      float4 sum1v1 = b_1;
      const float4 b_2 = (float4)(*(global const float *)(bias + (biasOrigin + 8)));
      float4 sum2v0 = b_2;
      float4 sum2v1 = b_2;
      const float4 b_3 = (float4)(*(global const float *)(bias + (biasOrigin + 12)));
      float4 sum3v0 = b_3;
      float4 sum3v1 = b_3;
      for (int column = 0; column < 108; column += 4) {
        const int at = sourceRow + (*(global const int *)(index + column));
        const float4 x = vload4(0, (global const float *)(input + (inputOrigin + at)));
        const float4 x_1 = vload4(0, (global const float *)(input + (inputOrigin + at) + 48));
        const float4 w = (float4)(*(global const float *)(weights + (weightsOrigin + cursor)));
        sum0v0 = fma(w, x, sum0v0);
        sum0v1 = fma(w, x_1, sum0v1);
        const float4 w_1 = (float4)(*(global const float *)(weights + (weightsOrigin + cursor) + 4));
        sum1v0 = fma(w_1, x, sum1v0);
        sum1v1 = fma(w_1, x_1, sum1v1);
        const float4 w_2 = (float4)(*(global const float *)(weights + (weightsOrigin + cursor) + 8));
        sum2v0 = fma(w_2, x, sum2v0);
        sum2v1 = fma(w_2, x_1, sum2v1);
        const float4 w_3 = (float4)(*(global const float *)(weights + (weightsOrigin + cursor) + 12));
        sum3v0 = fma(w_3, x, sum3v0);
        sum3v1 = fma(w_3, x_1, sum3v1);
        cursor = cursor + 16;
      }
      vstore4(grim_max_f32x4((float4)(0.0f), sum0v0), 0, (global float *)(output + (outputOrigin + targetRow)));
      vstore4(grim_max_f32x4((float4)(0.0f), sum0v1), 0, (global float *)(output + (outputOrigin + targetRow) + 40));
      const int target = targetRow + 240;
      vstore4(grim_max_f32x4((float4)(0.0f), sum1v0), 0, (global float *)(output + (outputOrigin + target)));
      vstore4(grim_max_f32x4((float4)(0.0f), sum1v1), 0, (global float *)(output + (outputOrigin + target) + 40));
      const int target_1 = targetRow + 480;
      vstore4(grim_max_f32x4((float4)(0.0f), sum2v0), 0, (global float *)(output + (outputOrigin + target_1)));
      vstore4(grim_max_f32x4((float4)(0.0f), sum2v1), 0, (global float *)(output + (outputOrigin + target_1) + 40));
      const int target_2 = targetRow + 720;
      vstore4(grim_max_f32x4((float4)(0.0f), sum3v0), 0, (global float *)(output + (outputOrigin + target_2)));
      vstore4(grim_max_f32x4((float4)(0.0f), sum3v1), 0, (global float *)(output + (outputOrigin + target_2) + 40));
    }
    start = cursor;
  } else {
    const int inputOrigin_1 = (item1 * 96) + (item0 * 16);
    const int weightsOrigin_1 = item2 * 432;
    const int biasOrigin_1 = item2 * 16;
    const int outputOrigin_1 = ((item1 * 80) + (item2 * 960)) + (item0 * 16);
    int start = 0;
    int cursor = 0;
    start = 0;
    const int least = (6 < 2) ? 6 : 2;
    for (int y = 0; y < least; y += 2) {
      const int sourceRow = y * 48;
      const int targetRow = y * 40;
      cursor = start;
      const float4 b = (float4)(*(global const float *)(bias + biasOrigin_1));
      float4 sum0v0 = b;
      float4 sum0v1 = b;
      const float4 b_1 = (float4)(*(global const float *)(bias + (biasOrigin_1 + 4)));
      float4 sum1v0 = b_1;
      float4 sum1v1 = b_1;
      const float4 b_2 = (float4)(*(global const float *)(bias + (biasOrigin_1 + 8)));
      float4 sum2v0 = b_2;
      float4 sum2v1 = b_2;
      const float4 b_3 = (float4)(*(global const float *)(bias + (biasOrigin_1 + 12)));
      float4 sum3v0 = b_3;
      float4 sum3v1 = b_3;
      for (int column = 0; column < 108; column += 4) {
        const int at = sourceRow + (*(global const int *)(index + column));
        const float4 x = vload4(0, (global const float *)(input + (inputOrigin_1 + at)));
        const float4 x_1 = vload4(0, (global const float *)(input + (inputOrigin_1 + at) + 48));
        const float4 w = (float4)(*(global const float *)(weights + (weightsOrigin_1 + cursor)));
        sum0v0 = fma(w, x, sum0v0);
        sum0v1 = fma(w, x_1, sum0v1);
        const float4 w_1 = (float4)(*(global const float *)(weights + (weightsOrigin_1 + cursor) + 4));
        sum1v0 = fma(w_1, x, sum1v0);
        sum1v1 = fma(w_1, x_1, sum1v1);
        const float4 w_2 = (float4)(*(global const float *)(weights + (weightsOrigin_1 + cursor) + 8));
        sum2v0 = fma(w_2, x, sum2v0);
        sum2v1 = fma(w_2, x_1, sum2v1);
        const float4 w_3 = (float4)(*(global const float *)(weights + (weightsOrigin_1 + cursor) + 12));
        sum3v0 = fma(w_3, x, sum3v0);
        sum3v1 = fma(w_3, x_1, sum3v1);
        cursor = cursor + 16;
      }
      const float4 partial = grim_max_f32x4((float4)(0.0f), sum0v0);
      *(global float *)(output + (outputOrigin_1 + targetRow)) = partial.s0;
      *(global float *)(output + (outputOrigin_1 + targetRow) + 4) = partial.s1;
      const float4 partial_1 = grim_max_f32x4((float4)(0.0f), sum0v1);
      *(global float *)(output + (outputOrigin_1 + targetRow) + 40) = partial_1.s0;
      *(global float *)(output + (outputOrigin_1 + targetRow) + 44) = partial_1.s1;
      const int target = targetRow + 240;
      const float4 partial_2 = grim_max_f32x4((float4)(0.0f), sum1v0);
      *(global float *)(output + (outputOrigin_1 + target)) = partial_2.s0;
      *(global float *)(output + (outputOrigin_1 + target) + 4) = partial_2.s1;
      const float4 partial_3 = grim_max_f32x4((float4)(0.0f), sum1v1);
      *(global float *)(output + (outputOrigin_1 + target) + 40) = partial_3.s0;
      *(global float *)(output + (outputOrigin_1 + target) + 44) = partial_3.s1;
      const int target_1 = targetRow + 480;
      const float4 partial_4 = grim_max_f32x4((float4)(0.0f), sum2v0);
      *(global float *)(output + (outputOrigin_1 + target_1)) = partial_4.s0;
      *(global float *)(output + (outputOrigin_1 + target_1) + 4) = partial_4.s1;
      const float4 partial_5 = grim_max_f32x4((float4)(0.0f), sum2v1);
      *(global float *)(output + (outputOrigin_1 + target_1) + 40) = partial_5.s0;
      *(global float *)(output + (outputOrigin_1 + target_1) + 44) = partial_5.s1;
      const int target_2 = targetRow + 720;
      const float4 partial_6 = grim_max_f32x4((float4)(0.0f), sum3v0);
      *(global float *)(output + (outputOrigin_1 + target_2)) = partial_6.s0;
      *(global float *)(output + (outputOrigin_1 + target_2) + 4) = partial_6.s1;
      const float4 partial_7 = grim_max_f32x4((float4)(0.0f), sum3v1);
      *(global float *)(output + (outputOrigin_1 + target_2) + 40) = partial_7.s0;
      *(global float *)(output + (outputOrigin_1 + target_2) + 44) = partial_7.s1;
    }
    start = cursor;
  }
}
