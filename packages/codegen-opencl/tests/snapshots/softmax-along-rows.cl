// softmax of 6 elements for each of 3
__attribute__((reqd_work_group_size(3, 1, 1)))
kernel void softmax_e6_by1_1_kept3_s8x6_g_axis_0_1x3(global const uchar *restrict input_memory, int input_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int inputOrigin = item0 * 24;
  const int outputOrigin = item0 * 32;
  float4 vectors = (float4)(-INFINITY);
  float4 singles = (float4)(-INFINITY);
  vectors = grim_max_f32x4(vectors, vload4(0, (global const float *)(input + inputOrigin)));
  singles = grim_max_f32x4(singles, (float4)(*(global const float *)(input + (inputOrigin + 16))));
  singles = grim_max_f32x4(singles, (float4)(*(global const float *)(input + (inputOrigin + 20))));
  const float4 total = grim_max_f32x4((float4)(grim_max_f32(grim_max_f32(vectors.s0, vectors.s1), grim_max_f32(vectors.s2, vectors.s3))), singles);
  float4 vectors_1 = (float4)(0.0f);
  float4 singles_1 = (float4)(0.0f);
  const float4 expX = grim_max_f32x4(grim_min_f32x4(vload4(0, (global const float *)(input + inputOrigin)) - total, (float4)(89.0f)), (float4)(-104.0f));
  const float4 expN = rint(expX * (float4)(1.442695f));
  const float4 expR = fma(expN, (float4)(0.00021219444f), fma(expN, (float4)(-0.6933594f), expX));
  const int4 expI = grim_int_of_f32x4(expN);
  const int4 expHalf = expI >> 1;
  const float4 exp = (fma(expR * expR, fma(fma(fma(fma((float4)(0.001392625f), expR, (float4)(0.008363233f)), expR, (float4)(0.041666552f)), expR, (float4)(0.16666576f)), expR, (float4)(0.5f)), expR + (float4)(1.0f)) * as_float4(as_int4(as_uint4(expHalf + (int4)(127)) << (23)))) * as_float4(as_int4(as_uint4((expI - expHalf) + (int4)(127)) << (23)));
  vstore4(exp, 0, (global float *)(output + outputOrigin));
  vectors_1 = vectors_1 + exp;
  const float4 expX_1 = grim_max_f32x4(grim_min_f32x4((float4)(*(global const float *)(input + (inputOrigin + 16))) - total, (float4)(89.0f)), (float4)(-104.0f));
  const float4 expN_1 = rint(expX_1 * (float4)(1.442695f));
  const float4 expR_1 = fma(expN_1, (float4)(0.00021219444f), fma(expN_1, (float4)(-0.6933594f), expX_1));
  const int4 expI_1 = grim_int_of_f32x4(expN_1);
  const int4 expHalf_1 = expI_1 >> 1;
  const float4 exp_1 = (fma(expR_1 * expR_1, fma(fma(fma(fma((float4)(0.001392625f), expR_1, (float4)(0.008363233f)), expR_1, (float4)(0.041666552f)), expR_1, (float4)(0.16666576f)), expR_1, (float4)(0.5f)), expR_1 + (float4)(1.0f)) * as_float4(as_int4(as_uint4(expHalf_1 + (int4)(127)) << (23)))) * as_float4(as_int4(as_uint4((expI_1 - expHalf_1) + (int4)(127)) << (23)));
  *(global float *)(output + (outputOrigin + 16)) = exp_1.s0;
  singles_1 = singles_1 + exp_1;
  const float4 expX_2 = grim_max_f32x4(grim_min_f32x4((float4)(*(global const float *)(input + (inputOrigin + 20))) - total, (float4)(89.0f)), (float4)(-104.0f));
  const float4 expN_2 = rint(expX_2 * (float4)(1.442695f));
  const float4 expR_2 = fma(expN_2, (float4)(0.00021219444f), fma(expN_2, (float4)(-0.6933594f), expX_2));
  const int4 expI_2 = grim_int_of_f32x4(expN_2);
  const int4 expHalf_2 = expI_2 >> 1;
  const float4 exp_2 = (fma(expR_2 * expR_2, fma(fma(fma(fma((float4)(0.001392625f), expR_2, (float4)(0.008363233f)), expR_2, (float4)(0.041666552f)), expR_2, (float4)(0.16666576f)), expR_2, (float4)(0.5f)), expR_2 + (float4)(1.0f)) * as_float4(as_int4(as_uint4(expHalf_2 + (int4)(127)) << (23)))) * as_float4(as_int4(as_uint4((expI_2 - expHalf_2) + (int4)(127)) << (23)));
  *(global float *)(output + (outputOrigin + 20)) = exp_2.s0;
  singles_1 = singles_1 + exp_2;
  const float4 total_1 = (float4)((vectors_1.s0 + vectors_1.s1) + (vectors_1.s2 + vectors_1.s3)) + singles_1;
  const float4 factor = (float4)(1.0f) / total_1;
  vstore4(vload4(0, (global const float *)(output + outputOrigin)) * factor, 0, (global float *)(output + outputOrigin));
  const float4 partial = (float4)(*(global const float *)(output + (outputOrigin + 16))) * factor;
  *(global float *)(output + (outputOrigin + 16)) = partial.s0;
  const float4 partial_1 = (float4)(*(global const float *)(output + (outputOrigin + 20))) * factor;
  *(global float *)(output + (outputOrigin + 20)) = partial_1.s0;
}
