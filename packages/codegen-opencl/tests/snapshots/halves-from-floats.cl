// elementwise over 6: x0
__attribute__((reqd_work_group_size(1, 1, 1)))
kernel void elementwise_f16_fromf32_e6_s1x1_fx0_t1(global const uchar *restrict operand0_memory, int operand0_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const operand0 = operand0_memory + operand0_start;
  global uchar *const output = output_memory + output_start;
  vstore_half4_rte(vload4(0, (global const float *)(operand0)), 0, (global half *)(output));
  const float4 partial = vload4(0, (global const float *)(operand0 + 16));
  vstore_half_rte(partial.s0, 0, (global half *)(output + 8));
  vstore_half_rte(partial.s1, 0, (global half *)(output + 10));
}
