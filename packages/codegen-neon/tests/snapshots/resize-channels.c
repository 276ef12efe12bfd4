// linear to 6 channels × 1x12 pixels, channels in lanes
static void resize_flinear_laneschannels_c6_h1_o1x12_in4_24_out4_48_32_slack2(const unsigned char *restrict input, const unsigned char *restrict pixels, unsigned char *restrict output) {
  for (int32_t x = 0; x < 12; x++) {
    const int32_t entry = x * 16;
    const int32_t offset = grim_load_i32(pixels + entry);
    const int32_t offset_1 = grim_load_i32(pixels + entry + 4);
    const float32x4_t share = grim_load_splat_f32x4(pixels + entry + 8);
    const float share_1 = grim_load_f32(pixels + entry + 12);
    const int32_t target = x * 32;
    grim_store_f32x4(output + target, vfmaq_n_f32(vmulq_f32(grim_load_f32x4(input + offset), share), grim_load_f32x4(input + offset_1), share_1));
    const int32_t to = target + 16;
    grim_store_f32x4(output + to, vfmaq_n_f32(vmulq_f32(grim_load_f32x4(input + (offset + 16)), share), grim_load_f32x4(input + (offset_1 + 16)), share_1));
  }
}
