// nearest to 3 channels × 4x12 pixels, pixels in lanes
static void resize_fnearest_lanespixels_c3_h2_o4x12_in48_24_out192_48_4(const unsigned char *restrict input, const unsigned char *restrict rows, const unsigned char *restrict pixels, unsigned char *restrict output) {
  for (int32_t channel = 0; channel < 3; channel++) {
    const unsigned char *const plane = input + (channel * 48);
    unsigned char *const targetPlane = output + (channel * 192);
    for (int32_t y = 0; y < 4; y++) {
      const unsigned char *const sourceRow = plane + grim_load_i32(rows + (y * 16));
      unsigned char *const targetRow = targetPlane + (y * 48);
      for (int32_t x = 0; x < 12; x += 4) {
        unsigned char *const target_8 = targetRow + (x * 4);
        grim_store_f32(target_8, grim_load_f32(sourceRow + grim_load_i32(pixels + (x * 16))));
        unsigned char *const target_9 = targetRow + ((x + 1) * 4);
        grim_store_f32(target_9, grim_load_f32(sourceRow + grim_load_i32(pixels + ((x + 1) * 16))));
        unsigned char *const target_10 = targetRow + ((x + 2) * 4);
        grim_store_f32(target_10, grim_load_f32(sourceRow + grim_load_i32(pixels + ((x + 2) * 16))));
        unsigned char *const target_11 = targetRow + ((x + 3) * 4);
        grim_store_f32(target_11, grim_load_f32(sourceRow + grim_load_i32(pixels + ((x + 3) * 16))));
      }
    }
  }
}
