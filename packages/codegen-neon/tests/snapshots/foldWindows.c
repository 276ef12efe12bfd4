// fold 2 windows of 16 samples
static void foldWindows_k16_p2_in32_even48_odd32(const unsigned char *restrict input, unsigned char *restrict even, unsigned char *restrict odd) {
  for (int32_t position = 0; position < 2; position++) {
    const unsigned char *const source = input + (position * 32);
    unsigned char *const evenRow = even + (position * 48);
    unsigned char *const oddRow = odd + (position * 32);
    const float32x4_t left = grim_load_f32x4(source + 4);
    const float32x4_t image = grim_load_f32x4(source + (52 - 4));
    const float32x4_t right = vrev64q_f32(vextq_f32(image, image, 2));
    grim_store_f32x4(evenRow + 4, vaddq_f32(left, right));
    grim_store_f32x4(oddRow + (4 - 4), vsubq_f32(left, right));
    const float32x4_t left_1 = grim_load_f32x4(source + 16);
    const float32x4_t image_1 = grim_load_f32x4(source + 36);
    const float32x4_t right_1 = vrev64q_f32(vextq_f32(image_1, image_1, 2));
    grim_store_f32x4(evenRow + 16, vaddq_f32(left_1, right_1));
    grim_store_f32x4(oddRow + (16 - 4), vsubq_f32(left_1, right_1));
    grim_store_f32(evenRow, grim_load_f32(source));
    grim_store_f32(evenRow + 32, grim_load_f32(source + 32));
  }
}
