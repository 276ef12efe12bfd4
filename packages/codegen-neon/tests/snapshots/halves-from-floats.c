// elementwise over 6: x0
static void elementwise_f16_fromf32_e6_s1x1_fx0_t1(const unsigned char *restrict operand0, unsigned char *restrict output) {
  grim_store_f32x4_as_f16(output, grim_load_f32x4(operand0));
  const float32x4_t partial = grim_load_f32x4(operand0 + 16);
  grim_store_f32_as_f16(output + 8, vgetq_lane_f32(partial, 0));
  grim_store_f32_as_f16(output + 10, vgetq_lane_f32(partial, 1));
}
