// linear to 6 channels × 1x12 pixels, channels in lanes
static void resize_flinear_laneschannels_c6_h1_o1x12_in4_24_out4_48_32_slack2(const unsigned char *restrict input, const unsigned char *restrict pixels, unsigned char *restrict output) {
  for (int32_t x = 0; x < 12; x++) {
    const unsigned char *const entry = pixels + (x * 16);
    const unsigned char *const offset = input + grim_load_i32(entry);
    const unsigned char *const offset_1 = input + grim_load_i32(entry + 4);
    const float32x4_t share = grim_load_splat_f32x4(entry + 8);
    const float share_1 = grim_load_f32(entry + 12);
    unsigned char *const target = output + (x * 32);
    grim_store_f32x4(target, vfmaq_n_f32(vmulq_f32(grim_load_f32x4(offset), share), grim_load_f32x4(offset_1), share_1));
    unsigned char *const to = target + 16;
    grim_store_f32x4(to, vfmaq_n_f32(vmulq_f32(grim_load_f32x4(offset + 16), share), grim_load_f32x4(offset_1 + 16), share_1));
  }
}
