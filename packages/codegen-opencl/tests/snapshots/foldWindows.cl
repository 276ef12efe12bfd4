// fold 2 windows of 16 samples
__attribute__((reqd_work_group_size(2, 1, 1)))
kernel void foldWindows_k16_p2_in32_even48_odd32_g_window_1x2(global const uchar *restrict input_memory, int input_start, global uchar *restrict even_memory, int even_start, global uchar *restrict odd_memory, int odd_start) {
  global const uchar *const input = input_memory + input_start;
  global uchar *const even = even_memory + even_start;
  global uchar *const odd = odd_memory + odd_start;
  const int item0 = get_global_id(0);
  const int inputOrigin = item0 * 32;
  const int evenOrigin = item0 * 48;
  const int oddOrigin = item0 * 32;
  const float4 left = vload4(0, (global const float *)(input + (inputOrigin + 4)));
  const float4 image = vload4(0, (global const float *)(input + (inputOrigin + (52 - 4))));
  const float4 right = image.s3210;
  vstore4(left + right, 0, (global float *)(even + (evenOrigin + 4)));
  vstore4(left - right, 0, (global float *)(odd + (oddOrigin + (4 - 4))));
  const float4 left_1 = vload4(0, (global const float *)(input + (inputOrigin + 16)));
  const float4 image_1 = vload4(0, (global const float *)(input + (inputOrigin + 36)));
  const float4 right_1 = image_1.s3210;
  vstore4(left_1 + right_1, 0, (global float *)(even + (evenOrigin + 16)));
  vstore4(left_1 - right_1, 0, (global float *)(odd + (oddOrigin + (16 - 4))));
  *(global float *)(even + evenOrigin) = *(global const float *)(input + inputOrigin);
  *(global float *)(even + evenOrigin + 32) = *(global const float *)(input + inputOrigin + 32);
}
