// fold 2 windows of 16 samples
static void foldWindows_k16_p2_in32_even48_odd32(const unsigned char *restrict input, unsigned char *restrict even, unsigned char *restrict odd) {
  for (int32_t position = 0; position < 2; position++) {
    const int32_t source = position * 32;
    const int32_t evenRow = position * 48;
    const int32_t oddRow = position * 32;
    const float32x4_t left = grim_load_f32x4(input + (source + 4));
    const float32x4_t image = grim_load_f32x4(input + (source + (52 - 4)));
    const float32x4_t right = vrev64q_f32(vextq_f32(image, image, 2));
    grim_store_f32x4(even + (evenRow + 4), vaddq_f32(left, right));
    grim_store_f32x4(odd + (oddRow + (4 - 4)), vsubq_f32(left, right));
    const float32x4_t left_1 = grim_load_f32x4(input + (source + 16));
    const float32x4_t image_1 = grim_load_f32x4(input + (source + 36));
    const float32x4_t right_1 = vrev64q_f32(vextq_f32(image_1, image_1, 2));
    grim_store_f32x4(even + (evenRow + 16), vaddq_f32(left_1, right_1));
    grim_store_f32x4(odd + (oddRow + (16 - 4)), vsubq_f32(left_1, right_1));
    grim_store_f32(even + evenRow, grim_load_f32(input + source));
    grim_store_f32(even + evenRow + 32, grim_load_f32(input + source + 32));
  }
}
