// softmax of 6 elements for each of 3
static void softmax_e6_by1_1_kept3_s8x6(const unsigned char *restrict input, unsigned char *restrict output) {
  for (int32_t axis0 = 0; axis0 < 3; axis0++) {
    unsigned char *const at = output + (axis0 * 32);
    const unsigned char *const at_1 = input + (axis0 * 24);
    float32x4_t vectors = vdupq_n_f32(-INFINITY);
    float32x4_t singles = vdupq_n_f32(-INFINITY);
    vectors = vmaxq_f32(vectors, grim_load_f32x4(at_1));
    singles = vmaxq_f32(singles, grim_load_splat_f32x4(at_1 + 16));
    singles = vmaxq_f32(singles, grim_load_splat_f32x4(at_1 + 20));
    const float32x4_t total = vmaxq_f32(vdupq_n_f32(grim_max_f32(grim_max_f32(vgetq_lane_f32(vectors, 0), vgetq_lane_f32(vectors, 1)), grim_max_f32(vgetq_lane_f32(vectors, 2), vgetq_lane_f32(vectors, 3)))), singles);
    float32x4_t vectors_1 = vdupq_n_f32(0.0f);
    float32x4_t singles_1 = vdupq_n_f32(0.0f);
    const float32x4_t expX = vmaxq_f32(vminq_f32(vsubq_f32(grim_load_f32x4(at_1), total), vdupq_n_f32(89.0f)), vdupq_n_f32(-104.0f));
    const float32x4_t expN = vrndnq_f32(vmulq_f32(expX, vdupq_n_f32(1.442695f)));
    const float32x4_t expR = vfmaq_f32(vfmaq_f32(expX, vdupq_n_f32(-0.6933594f), expN), vdupq_n_f32(0.00021219444f), expN);
    const int32x4_t expI = vcvtq_s32_f32(expN);
    const int32x4_t expHalf = vshrq_n_s32(expI, 1);
    const float32x4_t exp = vmulq_f32(vmulq_f32(vfmaq_f32(vaddq_f32(expR, vdupq_n_f32(1.0f)), vfmaq_f32(vdupq_n_f32(0.5f), expR, vfmaq_f32(vdupq_n_f32(0.16666576f), expR, vfmaq_f32(vdupq_n_f32(0.041666552f), expR, vfmaq_f32(vdupq_n_f32(0.008363233f), expR, vdupq_n_f32(0.001392625f))))), vmulq_f32(expR, expR)), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(expHalf, vdupq_n_s32(127)), 23))), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(expI, expHalf), vdupq_n_s32(127)), 23)));
    grim_store_f32x4(at, exp);
    vectors_1 = vaddq_f32(vectors_1, exp);
    const float32x4_t expX_1 = vmaxq_f32(vminq_f32(vsubq_f32(grim_load_splat_f32x4(at_1 + 16), total), vdupq_n_f32(89.0f)), vdupq_n_f32(-104.0f));
    const float32x4_t expN_1 = vrndnq_f32(vmulq_f32(expX_1, vdupq_n_f32(1.442695f)));
    const float32x4_t expR_1 = vfmaq_f32(vfmaq_f32(expX_1, vdupq_n_f32(-0.6933594f), expN_1), vdupq_n_f32(0.00021219444f), expN_1);
    const int32x4_t expI_1 = vcvtq_s32_f32(expN_1);
    const int32x4_t expHalf_1 = vshrq_n_s32(expI_1, 1);
    const float32x4_t exp_1 = vmulq_f32(vmulq_f32(vfmaq_f32(vaddq_f32(expR_1, vdupq_n_f32(1.0f)), vfmaq_f32(vdupq_n_f32(0.5f), expR_1, vfmaq_f32(vdupq_n_f32(0.16666576f), expR_1, vfmaq_f32(vdupq_n_f32(0.041666552f), expR_1, vfmaq_f32(vdupq_n_f32(0.008363233f), expR_1, vdupq_n_f32(0.001392625f))))), vmulq_f32(expR_1, expR_1)), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(expHalf_1, vdupq_n_s32(127)), 23))), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(expI_1, expHalf_1), vdupq_n_s32(127)), 23)));
    grim_store_f32(at + 16, vgetq_lane_f32(exp_1, 0));
    singles_1 = vaddq_f32(singles_1, exp_1);
    const float32x4_t expX_2 = vmaxq_f32(vminq_f32(vsubq_f32(grim_load_splat_f32x4(at_1 + 20), total), vdupq_n_f32(89.0f)), vdupq_n_f32(-104.0f));
    const float32x4_t expN_2 = vrndnq_f32(vmulq_f32(expX_2, vdupq_n_f32(1.442695f)));
    const float32x4_t expR_2 = vfmaq_f32(vfmaq_f32(expX_2, vdupq_n_f32(-0.6933594f), expN_2), vdupq_n_f32(0.00021219444f), expN_2);
    const int32x4_t expI_2 = vcvtq_s32_f32(expN_2);
    const int32x4_t expHalf_2 = vshrq_n_s32(expI_2, 1);
    const float32x4_t exp_2 = vmulq_f32(vmulq_f32(vfmaq_f32(vaddq_f32(expR_2, vdupq_n_f32(1.0f)), vfmaq_f32(vdupq_n_f32(0.5f), expR_2, vfmaq_f32(vdupq_n_f32(0.16666576f), expR_2, vfmaq_f32(vdupq_n_f32(0.041666552f), expR_2, vfmaq_f32(vdupq_n_f32(0.008363233f), expR_2, vdupq_n_f32(0.001392625f))))), vmulq_f32(expR_2, expR_2)), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(expHalf_2, vdupq_n_s32(127)), 23))), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(expI_2, expHalf_2), vdupq_n_s32(127)), 23)));
    grim_store_f32(at + 20, vgetq_lane_f32(exp_2, 0));
    singles_1 = vaddq_f32(singles_1, exp_2);
    const float32x4_t total_1 = vaddq_f32(vdupq_n_f32((vgetq_lane_f32(vectors_1, 0) + vgetq_lane_f32(vectors_1, 1)) + (vgetq_lane_f32(vectors_1, 2) + vgetq_lane_f32(vectors_1, 3))), singles_1);
    const float32x4_t factor = vdivq_f32(vdupq_n_f32(1.0f), total_1);
    grim_store_f32x4(at, vmulq_f32(grim_load_f32x4(at), factor));
    const float32x4_t partial = vmulq_f32(grim_load_splat_f32x4(at + 16), factor);
    grim_store_f32(at + 16, vgetq_lane_f32(partial, 0));
    const float32x4_t partial_1 = vmulq_f32(grim_load_splat_f32x4(at + 20), factor);
    grim_store_f32(at + 20, vgetq_lane_f32(partial_1, 0));
  }
}
