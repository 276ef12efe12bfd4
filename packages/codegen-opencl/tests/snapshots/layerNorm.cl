// 3 rows of 6 elements, each normalised
__attribute__((reqd_work_group_size(3, 1, 1)))
kernel void layerNorm_r3_e6_in24_out32_eps0_00001_bias_g_row_1x3(global const uchar *restrict input_memory, int input_start, global const uchar *restrict scale_memory, int scale_start, global const uchar *restrict bias_memory, int bias_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const scale = scale_memory + scale_start;
  global const uchar *const bias = bias_memory + bias_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int inputOrigin = item0 * 24;
  const int outputOrigin = item0 * 32;
  float4 vectors = (float4)(0.0f);
  float4 singles = (float4)(0.0f);
  vectors = vectors + vload4(0, (global const float *)(input + inputOrigin));
  singles = singles + (float4)(*(global const float *)(input + (inputOrigin + 16)));
  singles = singles + (float4)(*(global const float *)(input + (inputOrigin + 20)));
  const float4 total = (float4)((vectors.s0 + vectors.s1) + (vectors.s2 + vectors.s3)) + singles;
  const float4 mean = total / (float4)(6.0f);
  float4 vectors_1 = (float4)(0.0f);
  float4 singles_1 = (float4)(0.0f);
  const float4 difference = vload4(0, (global const float *)(input + inputOrigin)) - mean;
  vectors_1 = vectors_1 + (difference * difference);
  const float4 difference_1 = (float4)(*(global const float *)(input + (inputOrigin + 16))) - mean;
  singles_1 = singles_1 + (difference_1 * difference_1);
  const float4 difference_2 = (float4)(*(global const float *)(input + (inputOrigin + 20))) - mean;
  singles_1 = singles_1 + (difference_2 * difference_2);
  const float4 total_1 = (float4)((vectors_1.s0 + vectors_1.s1) + (vectors_1.s2 + vectors_1.s3)) + singles_1;
  const float4 factor = (float4)(1.0f) / sqrt((total_1 / (float4)(6.0f)) + (float4)(0.00001f));
  vstore4(fma((vload4(0, (global const float *)(input + inputOrigin)) - mean) * factor, vload4(0, (global const float *)(scale)), vload4(0, (global const float *)(bias))), 0, (global float *)(output + outputOrigin));
  const float4 partial = fma(((float4)(*(global const float *)(input + (inputOrigin + 16))) - mean) * factor, (float4)(*(global const float *)(scale + 16)), (float4)(*(global const float *)(bias + 16)));
  *(global float *)(output + (outputOrigin + 16)) = partial.s0;
  const float4 partial_1 = fma(((float4)(*(global const float *)(input + (inputOrigin + 20))) - mean) * factor, (float4)(*(global const float *)(scale + 20)), (float4)(*(global const float *)(bias + 20)));
  *(global float *)(output + (outputOrigin + 20)) = partial_1.s0;
}
