// softmax of 3 elements for each of 6
__attribute__((reqd_work_group_size(2, 1, 1)))
kernel void softmax_e3_by8_6_kept6_s1x1_slack2_g_axis_0_4x2(global const uchar *restrict input_memory, int input_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  if (item0 < 1) {
    const int inputOrigin = item0 * 16;
    const int outputOrigin = item0 * 16;
    float4 largest = (float4)(-INFINITY);
    for (int element = 0; element < 3; element++) {
      largest = grim_max_f32x4(largest, vload4(0, (global const float *)(input + (inputOrigin + (element * 24)))));
    }
    float4 sum = (float4)(0.0f);
    for (int element_1 = 0; element_1 < 3; element_1++) {
      const float4 expX = grim_max_f32x4(grim_min_f32x4(vload4(0, (global const float *)(input + (inputOrigin + (element_1 * 24)))) - largest, (float4)(89.0f)), (float4)(-104.0f));
      const float4 expN = rint(expX * (float4)(1.442695f));
      const float4 expR = fma(expN, (float4)(0.00021219444f), fma(expN, (float4)(-0.6933594f), expX));
      const int4 expI = grim_int_of_f32x4(expN);
      const int4 expHalf = expI >> 1;
      const float4 exp = (fma(expR * expR, fma(fma(fma(fma((float4)(0.001392625f), expR, (float4)(0.008363233f)), expR, (float4)(0.041666552f)), expR, (float4)(0.16666576f)), expR, (float4)(0.5f)), expR + (float4)(1.0f)) * as_float4(as_int4(as_uint4(expHalf + (int4)(127)) << (23)))) * as_float4(as_int4(as_uint4((expI - expHalf) + (int4)(127)) << (23)));
      sum = sum + exp;
      const int to = element_1 * 32;
      vstore4(exp, 0, (global float *)(output + (outputOrigin + to)));
    }
    const float4 factor = (float4)(1.0f) / sum;
    for (int element_2 = 0; element_2 < 3; element_2++) {
      const int to_1 = element_2 * 32;
      vstore4(vload4(0, (global const float *)(output + (outputOrigin + (element_2 * 32)))) * factor, 0, (global float *)(output + (outputOrigin + to_1)));
    }
  } else {
    const int inputOrigin_1 = item0 * 16;
    const int outputOrigin_1 = item0 * 16;
    float4 largest = (float4)(-INFINITY);
    for (int element = 0; element < 3; element++) {
      largest = grim_max_f32x4(largest, vload4(0, (global const float *)(input + (inputOrigin_1 + (element * 24)))));
    }
    float4 sum = (float4)(0.0f);
    for (int element_1 = 0; element_1 < 3; element_1++) {
      const float4 expX = grim_max_f32x4(grim_min_f32x4(vload4(0, (global const float *)(input + (inputOrigin_1 + (element_1 * 24)))) - largest, (float4)(89.0f)), (float4)(-104.0f));
      const float4 expN = rint(expX * (float4)(1.442695f));
      const float4 expR = fma(expN, (float4)(0.00021219444f), fma(expN, (float4)(-0.6933594f), expX));
      const int4 expI = grim_int_of_f32x4(expN);
      const int4 expHalf = expI >> 1;
      const float4 exp = (fma(expR * expR, fma(fma(fma(fma((float4)(0.001392625f), expR, (float4)(0.008363233f)), expR, (float4)(0.041666552f)), expR, (float4)(0.16666576f)), expR, (float4)(0.5f)), expR + (float4)(1.0f)) * as_float4(as_int4(as_uint4(expHalf + (int4)(127)) << (23)))) * as_float4(as_int4(as_uint4((expI - expHalf) + (int4)(127)) << (23)));
      sum = sum + exp;
      const int to = element_1 * 32;
      *(global float *)(output + (outputOrigin_1 + to)) = exp.s0;
      *(global float *)(output + (outputOrigin_1 + to) + 4) = exp.s1;
    }
    const float4 factor = (float4)(1.0f) / sum;
    for (int element_2 = 0; element_2 < 3; element_2++) {
      const int to_1 = element_2 * 32;
      const float4 partial = vload4(0, (global const float *)(output + (outputOrigin_1 + (element_2 * 32)))) * factor;
      *(global float *)(output + (outputOrigin_1 + to_1)) = partial.s0;
      *(global float *)(output + (outputOrigin_1 + to_1) + 4) = partial.s1;
    }
  }
}
