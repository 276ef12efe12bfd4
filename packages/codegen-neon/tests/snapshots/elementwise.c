// elementwise over 3 × 6: add.x0.log.x1..
static void elementwise_e3x6_s8_1x8_1x0_1_fadd_x0_log_x1___slack2_t1(const unsigned char *restrict operand0, const unsigned char *restrict operand1, unsigned char *restrict output) {
  for (int32_t axis0 = 0; axis0 < 3; axis0++) {
    unsigned char *const at = output + (axis0 * 32);
    const unsigned char *const at_1 = operand0 + (axis0 * 32);
    const float32x4_t x = grim_load_f32x4(operand1);
    const float32x4_t x_1 = grim_load_f32x4(operand1 + 16);
    const int32x4_t logDenormal = vreinterpretq_s32_u32(vcltq_f32(x, vdupq_n_f32(1.1754944e-38f)));
    const float32x4_t logNormal = vbslq_f32(vreinterpretq_u32_s32(logDenormal), vmulq_f32(x, vdupq_n_f32(8388608.0f)), x);
    const int32x4_t logBits = vsubq_s32(vreinterpretq_s32_f32(logNormal), vdupq_n_s32(1060439283));
    const int32x4_t logExponent = vshrq_n_s32(logBits, 23);
    const float32x4_t logF = vsubq_f32(vreinterpretq_f32_s32(vaddq_s32(vandq_s32(logBits, vdupq_n_s32(8388607)), vdupq_n_s32(1060439283))), vdupq_n_f32(1.0f));
    const float32x4_t logN = vsubq_f32(vcvtq_f32_s32(logExponent), vbslq_f32(vreinterpretq_u32_s32(logDenormal), vdupq_n_f32(23.0f), vdupq_n_f32(0.0f)));
    const float32x4_t logSquare = vmulq_f32(logF, logF);
    const float32x4_t log = vbslq_f32(vcgtq_f32(x, vdupq_n_f32(0.0f)), vbslq_f32(vceqq_f32(x, vdupq_n_f32(INFINITY)), x, vfmaq_f32(vaddq_f32(logF, vaddq_f32(vfmaq_f32(vmulq_f32(vmulq_f32(logF, logSquare), vfmaq_f32(vdupq_n_f32(0.3333333f), logF, vfmaq_f32(vdupq_n_f32(-0.24999997f), logF, vfmaq_f32(vdupq_n_f32(0.20000716f), logF, vfmaq_f32(vdupq_n_f32(-0.16667803f), logF, vfmaq_f32(vdupq_n_f32(0.14249058f), logF, vfmaq_f32(vdupq_n_f32(-0.12425687f), logF, vfmaq_f32(vdupq_n_f32(0.1168542f), logF, vfmaq_f32(vdupq_n_f32(-0.11479734f), logF, vdupq_n_f32(0.06971612f)))))))))), vdupq_n_f32(-0.00021219444f), logN), vmulq_f32(logSquare, vdupq_n_f32(-0.5f)))), vdupq_n_f32(0.6933594f), logN)), vbslq_f32(vceqq_f32(x, vdupq_n_f32(0.0f)), vdupq_n_f32(-INFINITY), vdupq_n_f32(NAN)));
    grim_store_f32x4(at, vaddq_f32(grim_load_f32x4(at_1), log));
    const int32x4_t logDenormal_1 = vreinterpretq_s32_u32(vcltq_f32(x_1, vdupq_n_f32(1.1754944e-38f)));
    const float32x4_t logNormal_1 = vbslq_f32(vreinterpretq_u32_s32(logDenormal_1), vmulq_f32(x_1, vdupq_n_f32(8388608.0f)), x_1);
    const int32x4_t logBits_1 = vsubq_s32(vreinterpretq_s32_f32(logNormal_1), vdupq_n_s32(1060439283));
    const int32x4_t logExponent_1 = vshrq_n_s32(logBits_1, 23);
    const float32x4_t logF_1 = vsubq_f32(vreinterpretq_f32_s32(vaddq_s32(vandq_s32(logBits_1, vdupq_n_s32(8388607)), vdupq_n_s32(1060439283))), vdupq_n_f32(1.0f));
    const float32x4_t logN_1 = vsubq_f32(vcvtq_f32_s32(logExponent_1), vbslq_f32(vreinterpretq_u32_s32(logDenormal_1), vdupq_n_f32(23.0f), vdupq_n_f32(0.0f)));
    const float32x4_t logSquare_1 = vmulq_f32(logF_1, logF_1);
    const float32x4_t log_1 = vbslq_f32(vcgtq_f32(x_1, vdupq_n_f32(0.0f)), vbslq_f32(vceqq_f32(x_1, vdupq_n_f32(INFINITY)), x_1, vfmaq_f32(vaddq_f32(logF_1, vaddq_f32(vfmaq_f32(vmulq_f32(vmulq_f32(logF_1, logSquare_1), vfmaq_f32(vdupq_n_f32(0.3333333f), logF_1, vfmaq_f32(vdupq_n_f32(-0.24999997f), logF_1, vfmaq_f32(vdupq_n_f32(0.20000716f), logF_1, vfmaq_f32(vdupq_n_f32(-0.16667803f), logF_1, vfmaq_f32(vdupq_n_f32(0.14249058f), logF_1, vfmaq_f32(vdupq_n_f32(-0.12425687f), logF_1, vfmaq_f32(vdupq_n_f32(0.1168542f), logF_1, vfmaq_f32(vdupq_n_f32(-0.11479734f), logF_1, vdupq_n_f32(0.06971612f)))))))))), vdupq_n_f32(-0.00021219444f), logN_1), vmulq_f32(logSquare_1, vdupq_n_f32(-0.5f)))), vdupq_n_f32(0.6933594f), logN_1)), vbslq_f32(vceqq_f32(x_1, vdupq_n_f32(0.0f)), vdupq_n_f32(-INFINITY), vdupq_n_f32(NAN)));
    grim_store_f32x4(at + 16, vaddq_f32(grim_load_f32x4(at_1 + 16), log_1));
  }
}
