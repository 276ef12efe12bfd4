// repeat2x2 to 3 channels × 4x12 pixels, pixels in lanes
static void resize_frepeat2x2_lanespixels_c3_h2_o4x12_in48_24_out192_48_4(const unsigned char *restrict input, unsigned char *restrict output) {
  for (int32_t channel = 0; channel < 3; channel++) {
    const int32_t plane = channel * 48;
    const int32_t targetPlane = channel * 192;
    for (int32_t row = 0; row < 2; row++) {
      const int32_t sourceRow = plane + (row * 24);
      const int32_t targetRow = targetPlane + (row * 96);
      const float32x4_t four = grim_load_f32x4(input + sourceRow);
      const float32x4_t repeated = vzip1q_f32(four, four);
      grim_store_f32x4(output + targetRow, repeated);
      grim_store_f32x4(output + targetRow + 48, repeated);
      const float32x4_t repeated_1 = vzip2q_f32(four, four);
      grim_store_f32x4(output + targetRow + 16, repeated_1);
      grim_store_f32x4(output + targetRow + 64, repeated_1);
      const float32x4_t four_1 = grim_load_f32x4(input + (sourceRow + 8));
      const int32_t target = targetRow + 16;
      const float32x4_t repeated_2 = vzip1q_f32(four_1, four_1);
      grim_store_f32x4(output + target, repeated_2);
      grim_store_f32x4(output + target + 48, repeated_2);
      const float32x4_t repeated_3 = vzip2q_f32(four_1, four_1);
      grim_store_f32x4(output + target + 16, repeated_3);
      grim_store_f32x4(output + target + 64, repeated_3);
    }
  }
}
