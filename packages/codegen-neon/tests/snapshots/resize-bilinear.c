// bilinear to 3 channels × 4x12 pixels, pixels in lanes
static void resize_fbilinear_lanespixels_c3_h2_o4x12_in48_24_out192_48_4(const unsigned char *restrict input, const unsigned char *restrict rows, const unsigned char *restrict pixels, unsigned char *restrict scratch, unsigned char *restrict output) {
  for (int32_t channel = 0; channel < 3; channel++) {
    const unsigned char *const plane = input + (channel * 48);
    unsigned char *const targetPlane = output + (channel * 192);
    for (int32_t row = 0; row < 2; row++) {
      const unsigned char *const sourceRow = plane + (row * 24);
      unsigned char *const scratchRow = scratch + (row * 48);
      for (int32_t x = 0; x < 12; x++) {
        const unsigned char *const entry = pixels + (x * 16);
        unsigned char *const target = scratchRow + (x * 4);
        grim_store_f32(target, fmaf(grim_load_f32(sourceRow + grim_load_i32(entry + 4)), grim_load_f32(entry + 12), grim_load_f32(sourceRow + grim_load_i32(entry)) * grim_load_f32(entry + 8)));
      }
    }
    for (int32_t y = 0; y < 4; y++) {
      const unsigned char *const entry_1 = rows + (y * 16);
      unsigned char *const lower = scratch + grim_load_i32(entry_1);
      unsigned char *const upper = scratch + grim_load_i32(entry_1 + 4);
      const float32x4_t lowerShare = grim_load_splat_f32x4(entry_1 + 8);
      const float upperShare = grim_load_f32(entry_1 + 12);
      unsigned char *const targetRow = targetPlane + (y * 48);
      for (int32_t x_1 = 0; x_1 < 48; x_1 += 16) {
        unsigned char *const target_1 = targetRow + x_1;
        grim_store_f32x4(target_1, vfmaq_n_f32(vmulq_f32(grim_load_f32x4(lower + x_1), lowerShare), grim_load_f32x4(upper + x_1), upperShare));
      }
    }
  }
}
