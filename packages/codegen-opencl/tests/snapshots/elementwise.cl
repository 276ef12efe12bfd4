// elementwise over 3 x 6: add.x0.log.x1..
__attribute__((reqd_work_group_size(2, 3, 1)))
kernel void elementwise_e3x6_s8_1x8_1x0_1_fadd_x0_log_x1___slack2_t1_g_axis_1_4x2_axis_0_1x3(global const uchar *restrict operand0_memory, int operand0_start, global const uchar *restrict operand1_memory, int operand1_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const operand0 = operand0_memory + operand0_start;
  global const uchar *const operand1 = operand1_memory + operand1_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int item1 = get_global_id(1);
  if (item0 < 1) {
    const int operand0Origin = (item1 * 32) + (item0 * 16);
    const int operand1Origin = item0 * 16;
    const int outputOrigin = (item1 * 32) + (item0 * 16);
    const float4 x = vload4(0, (global const float *)(operand1 + operand1Origin));
    const int4 logDenormal = x < (float4)(1.1754944e-38f);
    const float4 logNormal = select(x, x * (float4)(8388608.0f), logDenormal);
    const int4 logBits = as_int4(logNormal) - (int4)(1060439283);
    const int4 logExponent = logBits >> 23;
    const float4 logF = as_float4((logBits & (int4)(8388607)) + (int4)(1060439283)) - (float4)(1.0f);
    const float4 logN = convert_float4(logExponent) - select((float4)(0.0f), (float4)(23.0f), logDenormal);
    const float4 logSquare = logF * logF;
    const float4 log = select(select((float4)(NAN), (float4)(-INFINITY), x == (float4)(0.0f)), select(fma(logN, (float4)(0.6933594f), logF + (fma(logN, (float4)(-0.00021219444f), (logF * logSquare) * fma(fma(fma(fma(fma(fma(fma(fma((float4)(0.06971612f), logF, (float4)(-0.11479734f)), logF, (float4)(0.1168542f)), logF, (float4)(-0.12425687f)), logF, (float4)(0.14249058f)), logF, (float4)(-0.16667803f)), logF, (float4)(0.20000716f)), logF, (float4)(-0.24999997f)), logF, (float4)(0.3333333f))) + (logSquare * (float4)(-0.5f)))), x, x == (float4)(INFINITY)), x > (float4)(0.0f));
    vstore4(vload4(0, (global const float *)(operand0 + operand0Origin)) + log, 0, (global float *)(output + outputOrigin));
  } else {
    const int operand0Origin_1 = (item1 * 32) + (item0 * 16);
    const int operand1Origin_1 = item0 * 16;
    const int outputOrigin_1 = (item1 * 32) + (item0 * 16);
    const float4 x = vload4(0, (global const float *)(operand1 + operand1Origin_1));
    const int4 logDenormal = x < (float4)(1.1754944e-38f);
    const float4 logNormal = select(x, x * (float4)(8388608.0f), logDenormal);
    const int4 logBits = as_int4(logNormal) - (int4)(1060439283);
    const int4 logExponent = logBits >> 23;
    const float4 logF = as_float4((logBits & (int4)(8388607)) + (int4)(1060439283)) - (float4)(1.0f);
    const float4 logN = convert_float4(logExponent) - select((float4)(0.0f), (float4)(23.0f), logDenormal);
    const float4 logSquare = logF * logF;
    const float4 log = select(select((float4)(NAN), (float4)(-INFINITY), x == (float4)(0.0f)), select(fma(logN, (float4)(0.6933594f), logF + (fma(logN, (float4)(-0.00021219444f), (logF * logSquare) * fma(fma(fma(fma(fma(fma(fma(fma((float4)(0.06971612f), logF, (float4)(-0.11479734f)), logF, (float4)(0.1168542f)), logF, (float4)(-0.12425687f)), logF, (float4)(0.14249058f)), logF, (float4)(-0.16667803f)), logF, (float4)(0.20000716f)), logF, (float4)(-0.24999997f)), logF, (float4)(0.3333333f))) + (logSquare * (float4)(-0.5f)))), x, x == (float4)(INFINITY)), x > (float4)(0.0f));
    const float4 partial = vload4(0, (global const float *)(operand0 + operand0Origin_1)) + log;
    *(global float *)(output + outputOrigin_1) = partial.s0;
    *(global float *)(output + outputOrigin_1 + 4) = partial.s1;
  }
}
