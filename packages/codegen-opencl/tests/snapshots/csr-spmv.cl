// 5 rows of compressed sparse rows, 2 sum(s) per row
__attribute__((reqd_work_group_size(5, 1, 1)))
kernel void csrSpmv_r5_indexbytes16_t2_g_row_1x5(global const uchar *restrict input_memory, int input_start, global const uchar *restrict values_memory, int values_start, global const uchar *restrict columns_memory, int columns_start, global const uchar *restrict rowStarts_memory, int rowStarts_start, global uchar *restrict output_memory, int output_start) {
  global const uchar *const input = input_memory + input_start;
  global const uchar *const values = values_memory + values_start;
  global const uchar *const columns = columns_memory + columns_start;
  global const uchar *const rowStarts = rowStarts_memory + rowStarts_start;
  global uchar *const output = output_memory + output_start;
  const int item0 = get_global_id(0);
  const int rowStartsOrigin = item0 * 4;
  const int outputOrigin = item0 * 4;
  int start = *(global const int *)(rowStarts + rowStartsOrigin);
  const int end = *(global const int *)(rowStarts + rowStartsOrigin + 4);
  float sum0 = 0.0f;
  float sum1 = 0.0f;
  const int wholeEnd = start + ((end - start) & (-8));
  for (int entry = start; entry < wholeEnd; entry += 8) {
    sum0 = fma(*(global const float *)(values + entry), *(global const float *)(input + ((int)*(global const ushort *)(columns + as_int(as_uint(entry) >> (1))))), sum0);
    sum1 = fma(*(global const float *)(values + entry + 4), *(global const float *)(input + ((int)*(global const ushort *)(columns + as_int(as_uint(entry) >> (1)) + 2))), sum1);
  }
  for (int rest = wholeEnd; rest < end; rest += 4) {
    sum0 = fma(*(global const float *)(values + rest), *(global const float *)(input + ((int)*(global const ushort *)(columns + as_int(as_uint(rest) >> (1))))), sum0);
  }
  *(global float *)(output + outputOrigin) = sum0 + sum1;
  start = end;
}
