// softmax of 3 elements for each of 6
static void softmax_e3_by8_6_kept6_s1x1_slack2(const unsigned char *restrict input, unsigned char *restrict output) {
  float32x4_t largest = vdupq_n_f32(-INFINITY);
  for (int32_t element = 0; element < 3; element++) {
    largest = vmaxq_f32(largest, grim_load_f32x4(input + (element * 24)));
  }
  float32x4_t sum = vdupq_n_f32(0.0f);
  for (int32_t element_1 = 0; element_1 < 3; element_1++) {
    const float32x4_t expX = vmaxq_f32(vminq_f32(vsubq_f32(grim_load_f32x4(input + (element_1 * 24)), largest), vdupq_n_f32(89.0f)), vdupq_n_f32(-104.0f));
    const float32x4_t expN = vrndnq_f32(vmulq_f32(expX, vdupq_n_f32(1.442695f)));
    const float32x4_t expR = vfmaq_f32(vfmaq_f32(expX, vdupq_n_f32(-0.6933594f), expN), vdupq_n_f32(0.00021219444f), expN);
    const int32x4_t expI = vcvtq_s32_f32(expN);
    const int32x4_t expHalf = vshrq_n_s32(expI, 1);
    const float32x4_t exp = vmulq_f32(vmulq_f32(vfmaq_f32(vaddq_f32(expR, vdupq_n_f32(1.0f)), vfmaq_f32(vdupq_n_f32(0.5f), expR, vfmaq_f32(vdupq_n_f32(0.16666576f), expR, vfmaq_f32(vdupq_n_f32(0.041666552f), expR, vfmaq_f32(vdupq_n_f32(0.008363233f), expR, vdupq_n_f32(0.001392625f))))), vmulq_f32(expR, expR)), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(expHalf, vdupq_n_s32(127)), 23))), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(expI, expHalf), vdupq_n_s32(127)), 23)));
    sum = vaddq_f32(sum, exp);
    unsigned char *const to = output + (element_1 * 32);
    grim_store_f32x4(to, exp);
  }
  const float32x4_t factor = vdivq_f32(vdupq_n_f32(1.0f), sum);
  for (int32_t element_2 = 0; element_2 < 3; element_2++) {
    unsigned char *const to_1 = output + (element_2 * 32);
    grim_store_f32x4(to_1, vmulq_f32(grim_load_f32x4(output + (element_2 * 32)), factor));
  }
  float32x4_t largest_1 = vdupq_n_f32(-INFINITY);
  for (int32_t element_3 = 0; element_3 < 3; element_3++) {
    largest_1 = vmaxq_f32(largest_1, grim_load_f32x4(input + (16 + (element_3 * 24))));
  }
  float32x4_t sum_1 = vdupq_n_f32(0.0f);
  for (int32_t element_4 = 0; element_4 < 3; element_4++) {
    const float32x4_t expX_1 = vmaxq_f32(vminq_f32(vsubq_f32(grim_load_f32x4(input + (16 + (element_4 * 24))), largest_1), vdupq_n_f32(89.0f)), vdupq_n_f32(-104.0f));
    const float32x4_t expN_1 = vrndnq_f32(vmulq_f32(expX_1, vdupq_n_f32(1.442695f)));
    const float32x4_t expR_1 = vfmaq_f32(vfmaq_f32(expX_1, vdupq_n_f32(-0.6933594f), expN_1), vdupq_n_f32(0.00021219444f), expN_1);
    const int32x4_t expI_1 = vcvtq_s32_f32(expN_1);
    const int32x4_t expHalf_1 = vshrq_n_s32(expI_1, 1);
    const float32x4_t exp_1 = vmulq_f32(vmulq_f32(vfmaq_f32(vaddq_f32(expR_1, vdupq_n_f32(1.0f)), vfmaq_f32(vdupq_n_f32(0.5f), expR_1, vfmaq_f32(vdupq_n_f32(0.16666576f), expR_1, vfmaq_f32(vdupq_n_f32(0.041666552f), expR_1, vfmaq_f32(vdupq_n_f32(0.008363233f), expR_1, vdupq_n_f32(0.001392625f))))), vmulq_f32(expR_1, expR_1)), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(expHalf_1, vdupq_n_s32(127)), 23))), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(expI_1, expHalf_1), vdupq_n_s32(127)), 23)));
    sum_1 = vaddq_f32(sum_1, exp_1);
    unsigned char *const to_2 = output + (16 + (element_4 * 32));
    grim_store_f32x4(to_2, exp_1);
  }
  const float32x4_t factor_1 = vdivq_f32(vdupq_n_f32(1.0f), sum_1);
  for (int32_t element_5 = 0; element_5 < 3; element_5++) {
    unsigned char *const to_3 = output + (16 + (element_5 * 32));
    grim_store_f32x4(to_3, vmulq_f32(grim_load_f32x4(output + (16 + (element_5 * 32))), factor_1));
  }
}
