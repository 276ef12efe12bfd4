// LSTM gates of 8 units
static void lstmGates_h8_gate32_actsigmoid_tanh_tanh(const unsigned char *restrict gates, const unsigned char *restrict cell, unsigned char *restrict newCell, unsigned char *restrict output) {
  for (int32_t unit = 0; unit < 32; unit += 16) {
    const float32x4_t x = grim_load_f32x4(gates + unit);
    const float32x4_t expX = vmaxq_f32(vminq_f32(vnegq_f32(x), vdupq_n_f32(89.0f)), vdupq_n_f32(-104.0f));
    const float32x4_t expN = vrndnq_f32(vmulq_f32(expX, vdupq_n_f32(1.442695f)));
    const float32x4_t expR = vfmaq_f32(vfmaq_f32(expX, vdupq_n_f32(-0.6933594f), expN), vdupq_n_f32(0.00021219444f), expN);
    const int32x4_t expI = vcvtq_s32_f32(expN);
    const int32x4_t expHalf = vshrq_n_s32(expI, 1);
    const float32x4_t exp = vmulq_f32(vmulq_f32(vfmaq_f32(vaddq_f32(expR, vdupq_n_f32(1.0f)), vfmaq_f32(vdupq_n_f32(0.5f), expR, vfmaq_f32(vdupq_n_f32(0.16666576f), expR, vfmaq_f32(vdupq_n_f32(0.041666552f), expR, vfmaq_f32(vdupq_n_f32(0.008363233f), expR, vdupq_n_f32(0.001392625f))))), vmulq_f32(expR, expR)), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(expHalf, vdupq_n_s32(127)), 23))), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(expI, expHalf), vdupq_n_s32(127)), 23)));
    const float32x4_t sigmoid = vdivq_f32(vdupq_n_f32(1.0f), vaddq_f32(vdupq_n_f32(1.0f), exp));
    const float32x4_t x_1 = grim_load_f32x4(gates + unit + 32);
    const float32x4_t expX_1 = vmaxq_f32(vminq_f32(vnegq_f32(x_1), vdupq_n_f32(89.0f)), vdupq_n_f32(-104.0f));
    const float32x4_t expN_1 = vrndnq_f32(vmulq_f32(expX_1, vdupq_n_f32(1.442695f)));
    const float32x4_t expR_1 = vfmaq_f32(vfmaq_f32(expX_1, vdupq_n_f32(-0.6933594f), expN_1), vdupq_n_f32(0.00021219444f), expN_1);
    const int32x4_t expI_1 = vcvtq_s32_f32(expN_1);
    const int32x4_t expHalf_1 = vshrq_n_s32(expI_1, 1);
    const float32x4_t exp_1 = vmulq_f32(vmulq_f32(vfmaq_f32(vaddq_f32(expR_1, vdupq_n_f32(1.0f)), vfmaq_f32(vdupq_n_f32(0.5f), expR_1, vfmaq_f32(vdupq_n_f32(0.16666576f), expR_1, vfmaq_f32(vdupq_n_f32(0.041666552f), expR_1, vfmaq_f32(vdupq_n_f32(0.008363233f), expR_1, vdupq_n_f32(0.001392625f))))), vmulq_f32(expR_1, expR_1)), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(expHalf_1, vdupq_n_s32(127)), 23))), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(expI_1, expHalf_1), vdupq_n_s32(127)), 23)));
    const float32x4_t sigmoid_1 = vdivq_f32(vdupq_n_f32(1.0f), vaddq_f32(vdupq_n_f32(1.0f), exp_1));
    const float32x4_t x_2 = grim_load_f32x4(gates + unit + 64);
    const float32x4_t expX_2 = vmaxq_f32(vminq_f32(vnegq_f32(x_2), vdupq_n_f32(89.0f)), vdupq_n_f32(-104.0f));
    const float32x4_t expN_2 = vrndnq_f32(vmulq_f32(expX_2, vdupq_n_f32(1.442695f)));
    const float32x4_t expR_2 = vfmaq_f32(vfmaq_f32(expX_2, vdupq_n_f32(-0.6933594f), expN_2), vdupq_n_f32(0.00021219444f), expN_2);
    const int32x4_t expI_2 = vcvtq_s32_f32(expN_2);
    const int32x4_t expHalf_2 = vshrq_n_s32(expI_2, 1);
    const float32x4_t exp_2 = vmulq_f32(vmulq_f32(vfmaq_f32(vaddq_f32(expR_2, vdupq_n_f32(1.0f)), vfmaq_f32(vdupq_n_f32(0.5f), expR_2, vfmaq_f32(vdupq_n_f32(0.16666576f), expR_2, vfmaq_f32(vdupq_n_f32(0.041666552f), expR_2, vfmaq_f32(vdupq_n_f32(0.008363233f), expR_2, vdupq_n_f32(0.001392625f))))), vmulq_f32(expR_2, expR_2)), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(expHalf_2, vdupq_n_s32(127)), 23))), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(expI_2, expHalf_2), vdupq_n_s32(127)), 23)));
    const float32x4_t sigmoid_2 = vdivq_f32(vdupq_n_f32(1.0f), vaddq_f32(vdupq_n_f32(1.0f), exp_2));
    const float32x4_t x_3 = grim_load_f32x4(gates + unit + 96);
    const float32x4_t tanhAbs = vabsq_f32(x_3);
    const float32x4_t tanhSquare = vmulq_f32(x_3, x_3);
    const float32x4_t expX_3 = vmaxq_f32(vminq_f32(vaddq_f32(tanhAbs, tanhAbs), vdupq_n_f32(89.0f)), vdupq_n_f32(-104.0f));
    const float32x4_t expN_3 = vrndnq_f32(vmulq_f32(expX_3, vdupq_n_f32(1.442695f)));
    const float32x4_t expR_3 = vfmaq_f32(vfmaq_f32(expX_3, vdupq_n_f32(-0.6933594f), expN_3), vdupq_n_f32(0.00021219444f), expN_3);
    const int32x4_t expI_3 = vcvtq_s32_f32(expN_3);
    const int32x4_t expHalf_3 = vshrq_n_s32(expI_3, 1);
    const float32x4_t exp_3 = vmulq_f32(vmulq_f32(vfmaq_f32(vaddq_f32(expR_3, vdupq_n_f32(1.0f)), vfmaq_f32(vdupq_n_f32(0.5f), expR_3, vfmaq_f32(vdupq_n_f32(0.16666576f), expR_3, vfmaq_f32(vdupq_n_f32(0.041666552f), expR_3, vfmaq_f32(vdupq_n_f32(0.008363233f), expR_3, vdupq_n_f32(0.001392625f))))), vmulq_f32(expR_3, expR_3)), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(expHalf_3, vdupq_n_s32(127)), 23))), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(expI_3, expHalf_3), vdupq_n_s32(127)), 23)));
    const float32x4_t tanh = vbslq_f32(vcltq_f32(tanhAbs, vdupq_n_f32(0.625f)), vfmaq_f32(x_3, vfmaq_f32(vdupq_n_f32(-0.33333328f), tanhSquare, vfmaq_f32(vdupq_n_f32(0.13332663f), tanhSquare, vfmaq_f32(vdupq_n_f32(-0.053835142f), tanhSquare, vfmaq_f32(vdupq_n_f32(0.02092415f), tanhSquare, vdupq_n_f32(-0.005992961f))))), vmulq_f32(x_3, tanhSquare)), vreinterpretq_f32_s32(vorrq_s32(vreinterpretq_s32_f32(vsubq_f32(vdupq_n_f32(1.0f), vdivq_f32(vdupq_n_f32(2.0f), vaddq_f32(exp_3, vdupq_n_f32(1.0f))))), vandq_s32(vreinterpretq_s32_f32(x_3), vdupq_n_s32(INT32_MIN)))));
    const float32x4_t state = vfmaq_f32(vmulq_f32(sigmoid_2, grim_load_f32x4(cell + unit)), tanh, sigmoid);
    const float32x4_t c = vbslq_f32(vcltq_f32(vabsq_f32(state), vdupq_n_f32(1.26217745e-29f)), vdupq_n_f32(0.0f), state);
    grim_store_f32x4(newCell + unit, c);
    const float32x4_t tanhAbs_1 = vabsq_f32(c);
    const float32x4_t tanhSquare_1 = vmulq_f32(c, c);
    const float32x4_t expX_4 = vmaxq_f32(vminq_f32(vaddq_f32(tanhAbs_1, tanhAbs_1), vdupq_n_f32(89.0f)), vdupq_n_f32(-104.0f));
    const float32x4_t expN_4 = vrndnq_f32(vmulq_f32(expX_4, vdupq_n_f32(1.442695f)));
    const float32x4_t expR_4 = vfmaq_f32(vfmaq_f32(expX_4, vdupq_n_f32(-0.6933594f), expN_4), vdupq_n_f32(0.00021219444f), expN_4);
    const int32x4_t expI_4 = vcvtq_s32_f32(expN_4);
    const int32x4_t expHalf_4 = vshrq_n_s32(expI_4, 1);
    const float32x4_t exp_4 = vmulq_f32(vmulq_f32(vfmaq_f32(vaddq_f32(expR_4, vdupq_n_f32(1.0f)), vfmaq_f32(vdupq_n_f32(0.5f), expR_4, vfmaq_f32(vdupq_n_f32(0.16666576f), expR_4, vfmaq_f32(vdupq_n_f32(0.041666552f), expR_4, vfmaq_f32(vdupq_n_f32(0.008363233f), expR_4, vdupq_n_f32(0.001392625f))))), vmulq_f32(expR_4, expR_4)), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(expHalf_4, vdupq_n_s32(127)), 23))), vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vsubq_s32(expI_4, expHalf_4), vdupq_n_s32(127)), 23)));
    const float32x4_t tanh_1 = vbslq_f32(vcltq_f32(tanhAbs_1, vdupq_n_f32(0.625f)), vfmaq_f32(c, vfmaq_f32(vdupq_n_f32(-0.33333328f), tanhSquare_1, vfmaq_f32(vdupq_n_f32(0.13332663f), tanhSquare_1, vfmaq_f32(vdupq_n_f32(-0.053835142f), tanhSquare_1, vfmaq_f32(vdupq_n_f32(0.02092415f), tanhSquare_1, vdupq_n_f32(-0.005992961f))))), vmulq_f32(c, tanhSquare_1)), vreinterpretq_f32_s32(vorrq_s32(vreinterpretq_s32_f32(vsubq_f32(vdupq_n_f32(1.0f), vdivq_f32(vdupq_n_f32(2.0f), vaddq_f32(exp_4, vdupq_n_f32(1.0f))))), vandq_s32(vreinterpretq_s32_f32(c), vdupq_n_s32(INT32_MIN)))));
    const float32x4_t state_1 = vmulq_f32(sigmoid_1, tanh_1);
    grim_store_f32x4(output + unit, vbslq_f32(vcltq_f32(vabsq_f32(state_1), vdupq_n_f32(1.26217745e-29f)), vdupq_n_f32(0.0f), state_1));
  }
}
