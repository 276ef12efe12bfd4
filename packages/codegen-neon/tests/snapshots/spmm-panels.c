// 8 rows × 6×10 pixels, block sparse: 4 rows × 1×8 pixels
static void spmm_r8_o6x10_in48_4_out40_240_bcr_of16f_win3_384_48_4_3x3_bias_actrelu_t4x2x1x3xtilesx2x1xsubsetsxscratch(const unsigned char *restrict input, const unsigned char *restrict stream, const unsigned char *restrict bias, unsigned char *restrict scratch, unsigned char *restrict output) {
  int32_t panelStart = 0;
  int32_t start = 0;
  int32_t cursor = 0;
  unsigned char *sums = scratch;
  for (int32_t blockY = 0; blockY < 6; blockY += 3) {
    for (int32_t blockX = 0; blockX < 10; blockX += 8) {
      const int32_t least = (blockX < 2) ? blockX : 2;
      const unsigned char *const sourceBlock = input + ((blockY * 48) + (least * 4));
      unsigned char *const targetBlock = output + ((blockY * 40) + (least * 4));
      panelStart = 0;
      for (int32_t firstChannel = 0; firstChannel < 3; firstChannel += 2) {
        const int32_t limited = 3 - firstChannel;
        const int32_t least_1 = (limited < 2) ? limited : 2;
        const unsigned char *const sourceChannel = sourceBlock + (firstChannel * 384);
        // copy a panel of inputs
        for (int32_t channel = 0; channel < least_1; channel++) {
          for (int32_t inputRow = 0; inputRow < 5; inputRow++) {
            const unsigned char *const from = sourceChannel + ((inputRow * 48) + (channel * 384));
            unsigned char *const to = scratch + ((inputRow * 96) + (channel * 48));
            grim_store_f32x4(to, grim_load_f32x4(from));
            grim_store_f32x4(to + 16, grim_load_f32x4(from + 16));
            grim_store_f32x4(to + 24, grim_load_f32x4(from + 24));
          }
        }
        sums = scratch + 512;
        start = panelStart;
        for (int32_t tileY = 0; tileY < 3; tileY++) {
          unsigned char *const source = scratch + (tileY * 96);
          unsigned char *const targetTile = targetBlock + (tileY * 40);
          start = panelStart;
          for (int32_t row = 0; row < 8; row += 4) {
            if (firstChannel == 0) {
              const float32x4_t b = grim_load_splat_f32x4(bias + (row * 4));
              grim_store_f32x4(sums, b);
              grim_store_f32x4(sums + 16, b);
              const float32x4_t b_1 = grim_load_splat_f32x4(bias + ((row + 1) * 4));
              grim_store_f32x4(sums + 32, b_1);
              grim_store_f32x4(sums + 48, b_1);
              const float32x4_t b_2 = grim_load_splat_f32x4(bias + ((row + 2) * 4));
              grim_store_f32x4(sums + 64, b_2);
              grim_store_f32x4(sums + 80, b_2);
              const float32x4_t b_3 = grim_load_splat_f32x4(bias + ((row + 3) * 4));
              grim_store_f32x4(sums + 96, b_3);
              grim_store_f32x4(sums + 112, b_3);
            }
            cursor = start + 16;
            // columns of row(s) 0
            const int32_t from_1 = cursor + 4;
            const int32_t to_1 = from_1 + grim_load_i32(stream + cursor);
            if (from_1 < to_1) {
              float32x4_t sum = grim_load_f32x4(sums);
              float32x4_t sum_1 = grim_load_f32x4(sums + 16);
              for (const unsigned char *column = stream + from_1; column < stream + to_1; column += 8) {
                unsigned char *const at = source + grim_load_i32(column);
                const float w = grim_load_f32(column + 4);
                const float32x4_t x = grim_load_f32x4(at);
                const float32x4_t x_1 = grim_load_f32x4(at + 16);
                sum = vfmaq_n_f32(sum, x, w);
                sum_1 = vfmaq_n_f32(sum_1, x_1, w);
              }
              grim_store_f32x4(sums, sum);
              grim_store_f32x4(sums + 16, sum_1);
            }
            cursor = to_1;
            // columns of row(s) 1, 2
            const int32_t from_2 = cursor + 4;
            const int32_t to_2 = from_2 + grim_load_i32(stream + cursor);
            if (from_2 < to_2) {
              float32x4_t sum_2 = grim_load_f32x4(sums + 32);
              float32x4_t sum_3 = grim_load_f32x4(sums + 48);
              float32x4_t sum_4 = grim_load_f32x4(sums + 64);
              float32x4_t sum_5 = grim_load_f32x4(sums + 80);
              for (const unsigned char *column_1 = stream + from_2; column_1 < stream + to_2; column_1 += 12) {
                unsigned char *const at_1 = source + grim_load_i32(column_1);
                const float32x4_t x_2 = grim_load_f32x4(at_1);
                const float32x4_t x_3 = grim_load_f32x4(at_1 + 16);
                const float32x2_t w_1 = grim_load_f32x2(column_1 + 4);
                sum_2 = vfmaq_lane_f32(sum_2, x_2, w_1, 0);
                sum_3 = vfmaq_lane_f32(sum_3, x_3, w_1, 0);
                sum_4 = vfmaq_lane_f32(sum_4, x_2, w_1, 1);
                sum_5 = vfmaq_lane_f32(sum_5, x_3, w_1, 1);
              }
              grim_store_f32x4(sums + 32, sum_2);
              grim_store_f32x4(sums + 48, sum_3);
              grim_store_f32x4(sums + 64, sum_4);
              grim_store_f32x4(sums + 80, sum_5);
            }
            cursor = to_2;
            // columns of row(s) 0, 1, 2, 3
            const int32_t from_3 = cursor + 4;
            const int32_t to_3 = from_3 + grim_load_i32(stream + cursor);
            if (from_3 < to_3) {
              float32x4_t sum_6 = grim_load_f32x4(sums);
              float32x4_t sum_7 = grim_load_f32x4(sums + 16);
              float32x4_t sum_8 = grim_load_f32x4(sums + 32);
              float32x4_t sum_9 = grim_load_f32x4(sums + 48);
              float32x4_t sum_10 = grim_load_f32x4(sums + 64);
              float32x4_t sum_11 = grim_load_f32x4(sums + 80);
              float32x4_t sum_12 = grim_load_f32x4(sums + 96);
              float32x4_t sum_13 = grim_load_f32x4(sums + 112);
              for (const unsigned char *column_2 = stream + from_3; column_2 < stream + to_3; column_2 += 20) {
                unsigned char *const at_2 = source + grim_load_i32(column_2);
                const float32x4_t x_4 = grim_load_f32x4(at_2);
                const float32x4_t x_5 = grim_load_f32x4(at_2 + 16);
                const float32x4_t w_3 = grim_load_f32x4(column_2 + 4);
                sum_6 = vfmaq_laneq_f32(sum_6, x_4, w_3, 0);
                sum_7 = vfmaq_laneq_f32(sum_7, x_5, w_3, 0);
                sum_8 = vfmaq_laneq_f32(sum_8, x_4, w_3, 1);
                sum_9 = vfmaq_laneq_f32(sum_9, x_5, w_3, 1);
                sum_10 = vfmaq_laneq_f32(sum_10, x_4, w_3, 2);
                sum_11 = vfmaq_laneq_f32(sum_11, x_5, w_3, 2);
                sum_12 = vfmaq_laneq_f32(sum_12, x_4, w_3, 3);
                sum_13 = vfmaq_laneq_f32(sum_13, x_5, w_3, 3);
              }
              grim_store_f32x4(sums, sum_6);
              grim_store_f32x4(sums + 16, sum_7);
              grim_store_f32x4(sums + 32, sum_8);
              grim_store_f32x4(sums + 48, sum_9);
              grim_store_f32x4(sums + 64, sum_10);
              grim_store_f32x4(sums + 80, sum_11);
              grim_store_f32x4(sums + 96, sum_12);
              grim_store_f32x4(sums + 112, sum_13);
            }
            cursor = to_3;
            if (firstChannel >= 1) {
              unsigned char *const target = targetTile + grim_load_i32(stream + start);
              const float32x4_t x_6 = grim_load_f32x4(sums);
              const float32x4_t x_7 = grim_load_f32x4(sums + 16);
              grim_store_f32x4(target, vmaxq_f32(vdupq_n_f32(0.0f), x_6));
              grim_store_f32x4(target + 16, vmaxq_f32(vdupq_n_f32(0.0f), x_7));
              unsigned char *const target_1 = targetTile + grim_load_i32(stream + start + 4);
              const float32x4_t x_8 = grim_load_f32x4(sums + 32);
              const float32x4_t x_9 = grim_load_f32x4(sums + 48);
              grim_store_f32x4(target_1, vmaxq_f32(vdupq_n_f32(0.0f), x_8));
              grim_store_f32x4(target_1 + 16, vmaxq_f32(vdupq_n_f32(0.0f), x_9));
              unsigned char *const target_2 = targetTile + grim_load_i32(stream + start + 8);
              const float32x4_t x_10 = grim_load_f32x4(sums + 64);
              const float32x4_t x_11 = grim_load_f32x4(sums + 80);
              grim_store_f32x4(target_2, vmaxq_f32(vdupq_n_f32(0.0f), x_10));
              grim_store_f32x4(target_2 + 16, vmaxq_f32(vdupq_n_f32(0.0f), x_11));
              unsigned char *const target_3 = targetTile + grim_load_i32(stream + start + 12);
              const float32x4_t x_12 = grim_load_f32x4(sums + 96);
              const float32x4_t x_13 = grim_load_f32x4(sums + 112);
              grim_store_f32x4(target_3, vmaxq_f32(vdupq_n_f32(0.0f), x_12));
              grim_store_f32x4(target_3 + 16, vmaxq_f32(vdupq_n_f32(0.0f), x_13));
            }
            sums = sums + 128;
            start = cursor;
          }
        }
        panelStart = cursor;
      }
    }
  }
}
