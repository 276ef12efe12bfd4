// repeat2x2 to 3 channels × 4x12 pixels, pixels in lanes
static void resize_frepeat2x2_lanespixels_c3_h2_o4x12_in48_24_out192_48_4(const unsigned char *restrict input, unsigned char *restrict output) {
  for (int32_t channel = 0; channel < 3; channel++) {
    const unsigned char *const plane = input + (channel * 48);
    unsigned char *const targetPlane = output + (channel * 192);
    for (int32_t row = 0; row < 2; row++) {
      const unsigned char *const sourceRow = plane + (row * 24);
      unsigned char *const targetRow = targetPlane + (row * 96);
      const float32x4_t four = grim_load_f32x4(sourceRow);
      const float32x4_t repeated = vzip1q_f32(four, four);
      grim_store_f32x4(targetRow, repeated);
      grim_store_f32x4(targetRow + 48, repeated);
      const float32x4_t repeated_1 = vzip2q_f32(four, four);
      grim_store_f32x4(targetRow + 16, repeated_1);
      grim_store_f32x4(targetRow + 64, repeated_1);
      const float32x4_t four_1 = grim_load_f32x4(sourceRow + 8);
      unsigned char *const target = targetRow + 16;
      const float32x4_t repeated_2 = vzip1q_f32(four_1, four_1);
      grim_store_f32x4(target, repeated_2);
      grim_store_f32x4(target + 48, repeated_2);
      const float32x4_t repeated_3 = vzip2q_f32(four_1, four_1);
      grim_store_f32x4(target + 16, repeated_3);
      grim_store_f32x4(target + 64, repeated_3);
    }
  }
}
