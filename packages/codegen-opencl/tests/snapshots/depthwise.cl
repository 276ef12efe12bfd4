// 6 channels in lanes x 5 positions, 3 taps
__attribute__((reqd_work_group_size(2, 5, 1)))
kernel void depthwise_c6_p5_k3_tap32_in32_out32_bias_slack2_actrelu_g_channel_4x2_position_1x5(global const uchar *restrict input_memory, int input_start, global const uchar *restrict weights_memory, int weights_start, global const uchar *restrict bias_memory, int bias_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const weights = weights_memory + weights_start;
  global const uchar *const bias = bias_memory + bias_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int item1 = get_global_id(1);
  if (item0 < 1) {
    const int inputOrigin = (item1 * 32) + (item0 * 16);
    const int weightsOrigin = item0 * 16;
    const int biasOrigin = item0 * 16;
    const int outputOrigin = (item1 * 32) + (item0 * 16);
    const float4 w = vload4(0, (global const float *)(weights + weightsOrigin));
    const float4 w_1 = vload4(0, (global const float *)(weights + weightsOrigin + 32));
    const float4 w_2 = vload4(0, (global const float *)(weights + weightsOrigin + 64));
    const float4 b = vload4(0, (global const float *)(bias + biasOrigin));
    const float4 x = fma(w_2, vload4(0, (global const float *)(input + inputOrigin + 64)), fma(w_1, vload4(0, (global const float *)(input + inputOrigin + 32)), fma(w, vload4(0, (global const float *)(input + inputOrigin)), b)));
    vstore4(grim_max_f32x4((float4)(0.0f), x), 0, (global float *)(output + outputOrigin));
  } else {
    const int inputOrigin_1 = (item1 * 32) + (item0 * 16);
    const int weightsOrigin_1 = item0 * 16;
    const int biasOrigin_1 = item0 * 16;
    const int outputOrigin_1 = (item1 * 32) + (item0 * 16);
    const float4 w = vload4(0, (global const float *)(weights + weightsOrigin_1));
    const float4 w_1 = vload4(0, (global const float *)(weights + weightsOrigin_1 + 32));
    const float4 w_2 = vload4(0, (global const float *)(weights + weightsOrigin_1 + 64));
    const float4 b = vload4(0, (global const float *)(bias + biasOrigin_1));
    const float4 x = fma(w_2, vload4(0, (global const float *)(input + inputOrigin_1 + 64)), fma(w_1, vload4(0, (global const float *)(input + inputOrigin_1 + 32)), fma(w, vload4(0, (global const float *)(input + inputOrigin_1)), b)));
    const float4 partial = grim_max_f32x4((float4)(0.0f), x);
    *(global float *)(output + outputOrigin_1) = partial.s0;
    *(global float *)(output + outputOrigin_1 + 4) = partial.s1;
  }
}
