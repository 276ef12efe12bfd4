// 8 rows x 6x10 pixels, block sparse: 4 rows x 1x8 pixels
// spmm_r8_o6x10_in48.4_out40.240_bcr_of16f_win3.384.48.4.3x3_bias_actrelu_t4x2x1x3xtilesx2x1xsubsetsxscratch_g_row.of.pixels.1x6
__attribute__((reqd_work_group_size(6, 1, 1)))
kernel void spmm_r8_o6x10_in48_4_out40_240_bcr_of16f_win3_384_48_4_3x3_bias_actrelu_t4x2x1x3xtilesx2x1xsubsetsxscratch_g_row_8dqk8j(global const uchar *restrict input_memory, int input_start, global const uchar *restrict stream_memory, int stream_start, global const uchar *restrict bias_memory, int bias_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const stream = stream_memory + stream_start;
  global const uchar *const bias = bias_memory + bias_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  uchar scratch_bytes[576] __attribute__((aligned(16)));
  private uchar *const scratch = scratch_bytes;
  const int inputOrigin = item0 * 48;
  const int outputOrigin = item0 * 40;
  int panelStart = 0;
  int start = 0;
  int cursor = 0;
  int sums = 0;
  for (int blockX = 0; blockX < 10; blockX += 8) {
    const int least = (blockX < 2) ? blockX : 2;
    const int sourceBlock = least * 4;
    const int targetBlock = least * 4;
    panelStart = 0;
    for (int firstChannel = 0; firstChannel < 3; firstChannel += 2) {
      const int limited = 3 - firstChannel;
      const int least_1 = (limited < 2) ? limited : 2;
      const int sourceChannel = sourceBlock + (firstChannel * 384);
      // copy a panel of inputs
      for (int channel = 0; channel < least_1; channel++) {
        for (int inputRow = 0; inputRow < 3; inputRow++) {
          const int from = sourceChannel + ((inputRow * 48) + (channel * 384));
          const int to = (inputRow * 96) + (channel * 48);
          vstore4(vload4(0, (global const float *)(input + (inputOrigin + from))), 0, (private float *)(scratch + to));
          vstore4(vload4(0, (global const float *)(input + (inputOrigin + from) + 16)), 0, (private float *)(scratch + to + 16));
          vstore4(vload4(0, (global const float *)(input + (inputOrigin + from) + 24)), 0, (private float *)(scratch + to + 24));
        }
      }
      sums = 320;
      start = panelStart;
      start = panelStart;
      for (int row = 0; row < 8; row += 4) {
        if (firstChannel == 0) {
          const float4 b = (float4)(*(global const float *)(bias + (row * 4)));
          vstore4(b, 0, (private float *)(scratch + sums));
          vstore4(b, 0, (private float *)(scratch + sums + 16));
          const float4 b_1 = (float4)(*(global const float *)(bias + ((row + 1) * 4)));
          vstore4(b_1, 0, (private float *)(scratch + sums + 32));
          vstore4(b_1, 0, (private float *)(scratch + sums + 48));
          const float4 b_2 = (float4)(*(global const float *)(bias + ((row + 2) * 4)));
          vstore4(b_2, 0, (private float *)(scratch + sums + 64));
          vstore4(b_2, 0, (private float *)(scratch + sums + 80));
          const float4 b_3 = (float4)(*(global const float *)(bias + ((row + 3) * 4)));
          vstore4(b_3, 0, (private float *)(scratch + sums + 96));
          vstore4(b_3, 0, (private float *)(scratch + sums + 112));
        }
        cursor = start + 16;
        // columns of row(s) 0
        const int from_1 = cursor + 4;
        const int to_1 = from_1 + (*(global const int *)(stream + cursor));
        if (from_1 < to_1) {
          float4 sum = vload4(0, (private const float *)(scratch + sums));
          float4 sum_1 = vload4(0, (private const float *)(scratch + sums + 16));
          for (int column = from_1; column < to_1; column += 8) {
            const int at = *(global const int *)(stream + column);
            const float4 w = (float4)(*(global const float *)(stream + column + 4));
            const float4 x = vload4(0, (private const float *)(scratch + at));
            sum = fma(w, x, sum);
            const float4 x_1 = vload4(0, (private const float *)(scratch + at + 16));
            sum_1 = fma(w, x_1, sum_1);
          }
          vstore4(sum, 0, (private float *)(scratch + sums));
          vstore4(sum_1, 0, (private float *)(scratch + sums + 16));
        }
        cursor = to_1;
        // columns of row(s) 1, 2
        const int from_2 = cursor + 4;
        const int to_2 = from_2 + (*(global const int *)(stream + cursor));
        if (from_2 < to_2) {
          float4 sum_2 = vload4(0, (private const float *)(scratch + sums + 32));
          float4 sum_3 = vload4(0, (private const float *)(scratch + sums + 48));
          float4 sum_4 = vload4(0, (private const float *)(scratch + sums + 64));
          float4 sum_5 = vload4(0, (private const float *)(scratch + sums + 80));
          for (int column_1 = from_2; column_1 < to_2; column_1 += 12) {
            const int at_1 = *(global const int *)(stream + column_1);
            const float4 x_2 = vload4(0, (private const float *)(scratch + at_1));
            const float4 x_3 = vload4(0, (private const float *)(scratch + at_1 + 16));
            const float4 w_1 = (float4)(*(global const float *)(stream + column_1 + 4));
            sum_2 = fma(w_1, x_2, sum_2);
            sum_3 = fma(w_1, x_3, sum_3);
            const float4 w_2 = (float4)(*(global const float *)(stream + column_1 + 8));
            sum_4 = fma(w_2, x_2, sum_4);
            sum_5 = fma(w_2, x_3, sum_5);
          }
          vstore4(sum_2, 0, (private float *)(scratch + sums + 32));
          vstore4(sum_3, 0, (private float *)(scratch + sums + 48));
          vstore4(sum_4, 0, (private float *)(scratch + sums + 64));
          vstore4(sum_5, 0, (private float *)(scratch + sums + 80));
        }
        cursor = to_2;
        // columns of row(s) 0, 1, 2, 3
        const int from_3 = cursor + 4;
        const int to_3 = from_3 + (*(global const int *)(stream + cursor));
        if (from_3 < to_3) {
          float4 sum_6 = vload4(0, (private const float *)(scratch + sums));
          float4 sum_7 = vload4(0, (private const float *)(scratch + sums + 16));
          float4 sum_8 = vload4(0, (private const float *)(scratch + sums + 32));
          float4 sum_9 = vload4(0, (private const float *)(scratch + sums + 48));
          float4 sum_10 = vload4(0, (private const float *)(scratch + sums + 64));
          float4 sum_11 = vload4(0, (private const float *)(scratch + sums + 80));
          float4 sum_12 = vload4(0, (private const float *)(scratch + sums + 96));
          float4 sum_13 = vload4(0, (private const float *)(scratch + sums + 112));
          for (int column_2 = from_3; column_2 < to_3; column_2 += 20) {
            const int at_2 = *(global const int *)(stream + column_2);
            const float4 x_4 = vload4(0, (private const float *)(scratch + at_2));
            const float4 x_5 = vload4(0, (private const float *)(scratch + at_2 + 16));
            const float4 w_3 = (float4)(*(global const float *)(stream + column_2 + 4));
            sum_6 = fma(w_3, x_4, sum_6);
            sum_7 = fma(w_3, x_5, sum_7);
            const float4 w_4 = (float4)(*(global const float *)(stream + column_2 + 8));
            sum_8 = fma(w_4, x_4, sum_8);
            sum_9 = fma(w_4, x_5, sum_9);
            const float4 w_5 = (float4)(*(global const float *)(stream + column_2 + 12));
            sum_10 = fma(w_5, x_4, sum_10);
            sum_11 = fma(w_5, x_5, sum_11);
            const float4 w_6 = (float4)(*(global const float *)(stream + column_2 + 16));
            sum_12 = fma(w_6, x_4, sum_12);
            sum_13 = fma(w_6, x_5, sum_13);
          }
          vstore4(sum_6, 0, (private float *)(scratch + sums));
          vstore4(sum_7, 0, (private float *)(scratch + sums + 16));
          vstore4(sum_8, 0, (private float *)(scratch + sums + 32));
          vstore4(sum_9, 0, (private float *)(scratch + sums + 48));
          vstore4(sum_10, 0, (private float *)(scratch + sums + 64));
          vstore4(sum_11, 0, (private float *)(scratch + sums + 80));
          vstore4(sum_12, 0, (private float *)(scratch + sums + 96));
          vstore4(sum_13, 0, (private float *)(scratch + sums + 112));
        }
        cursor = to_3;
        if (firstChannel >= 1) {
          const int target = targetBlock + (*(global const int *)(stream + start));
          const float4 x_6 = vload4(0, (private const float *)(scratch + sums));
          vstore4(grim_max_f32x4((float4)(0.0f), x_6), 0, (global float *)(output + (outputOrigin + target)));
          const float4 x_7 = vload4(0, (private const float *)(scratch + sums + 16));
          vstore4(grim_max_f32x4((float4)(0.0f), x_7), 0, (global float *)(output + (outputOrigin + target) + 16));
          const int target_1 = targetBlock + (*(global const int *)(stream + start + 4));
          const float4 x_8 = vload4(0, (private const float *)(scratch + sums + 32));
          vstore4(grim_max_f32x4((float4)(0.0f), x_8), 0, (global float *)(output + (outputOrigin + target_1)));
          const float4 x_9 = vload4(0, (private const float *)(scratch + sums + 48));
          vstore4(grim_max_f32x4((float4)(0.0f), x_9), 0, (global float *)(output + (outputOrigin + target_1) + 16));
          const int target_2 = targetBlock + (*(global const int *)(stream + start + 8));
          const float4 x_10 = vload4(0, (private const float *)(scratch + sums + 64));
          vstore4(grim_max_f32x4((float4)(0.0f), x_10), 0, (global float *)(output + (outputOrigin + target_2)));
          const float4 x_11 = vload4(0, (private const float *)(scratch + sums + 80));
          vstore4(grim_max_f32x4((float4)(0.0f), x_11), 0, (global float *)(output + (outputOrigin + target_2) + 16));
          const int target_3 = targetBlock + (*(global const int *)(stream + start + 12));
          const float4 x_12 = vload4(0, (private const float *)(scratch + sums + 96));
          vstore4(grim_max_f32x4((float4)(0.0f), x_12), 0, (global float *)(output + (outputOrigin + target_3)));
          const float4 x_13 = vload4(0, (private const float *)(scratch + sums + 112));
          vstore4(grim_max_f32x4((float4)(0.0f), x_13), 0, (global float *)(output + (outputOrigin + target_3) + 16));
        }
        sums = sums + 128;
        start = cursor;
      }
      panelStart = cursor;
    }
  }
}
