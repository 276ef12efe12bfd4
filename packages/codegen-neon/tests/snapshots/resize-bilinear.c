// bilinear to 3 channels × 4x12 pixels, pixels in lanes
static void resize_fbilinear_lanespixels_c3_h2_o4x12_in48_24_out192_48_4(const unsigned char *restrict input, const unsigned char *restrict rows, const unsigned char *restrict pixels, unsigned char *restrict scratch, unsigned char *restrict output) {
  for (int32_t channel = 0; channel < 3; channel++) {
    const int32_t plane = channel * 48;
    const int32_t targetPlane = channel * 192;
    for (int32_t row = 0; row < 2; row++) {
      const int32_t sourceRow = plane + (row * 24);
      const int32_t scratchRow = row * 48;
      for (int32_t x = 0; x < 12; x++) {
        const int32_t entry = x * 16;
        const int32_t target = scratchRow + (x * 4);
        grim_store_f32(scratch + target, fmaf(grim_load_f32(input + (sourceRow + grim_load_i32(pixels + entry + 4))), grim_load_f32(pixels + entry + 12), grim_load_f32(input + (sourceRow + grim_load_i32(pixels + entry))) * grim_load_f32(pixels + entry + 8)));
      }
    }
    for (int32_t y = 0; y < 4; y++) {
      const int32_t entry_1 = y * 16;
      const int32_t lower = grim_load_i32(rows + entry_1);
      const int32_t upper = grim_load_i32(rows + entry_1 + 4);
      const float32x4_t lowerShare = grim_load_splat_f32x4(rows + entry_1 + 8);
      const float upperShare = grim_load_f32(rows + entry_1 + 12);
      const int32_t targetRow = targetPlane + (y * 48);
      for (int32_t x_1 = 0; x_1 < 48; x_1 += 16) {
        const int32_t target_1 = targetRow + x_1;
        grim_store_f32x4(output + target_1, vfmaq_n_f32(vmulq_f32(grim_load_f32x4(scratch + (lower + x_1)), lowerShare), grim_load_f32x4(scratch + (upper + x_1)), upperShare));
      }
    }
  }
}
