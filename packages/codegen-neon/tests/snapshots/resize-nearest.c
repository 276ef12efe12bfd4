// nearest to 3 channels × 4x12 pixels, pixels in lanes
static void resize_fnearest_lanespixels_c3_h2_o4x12_in48_24_out192_48_4(const unsigned char *restrict input, const unsigned char *restrict rows, const unsigned char *restrict pixels, unsigned char *restrict output) {
  for (int32_t channel = 0; channel < 3; channel++) {
    const int32_t plane = channel * 48;
    const int32_t targetPlane = channel * 192;
    for (int32_t y = 0; y < 4; y++) {
      const int32_t sourceRow = plane + grim_load_i32(rows + (y * 16));
      const int32_t targetRow = targetPlane + (y * 48);
      for (int32_t x = 0; x < 12; x++) {
        const int32_t target = targetRow + (x * 4);
        grim_store_f32(output + target, grim_load_f32(input + (sourceRow + grim_load_i32(pixels + (x * 16)))));
      }
    }
  }
}
