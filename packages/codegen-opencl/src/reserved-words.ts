const types = [
  'bool',
  'char',
  'double',
  'float',
  'half',
  'int',
  'long',
  'short',
  'uchar',
  'uint',
  'ulong',
  'ushort',
];

/** Words of OpenCL C that are none of C, and functions that rendered kernels call. */
export const reservedWords: ReadonlySet<string> = new Set([
  ...types,
  ...types.flatMap((type) => [2, 3, 4, 8, 16].map((lanes) => `${type}${String(lanes)}`)),
  ...'constant false generic global kernel local pipe private read_only read_write true uniform write_only'.split(
    ' ',
  ),
  ...'event_t image1d_buffer_t ptrdiff_t sampler_t size_t'.split(' '),
  ...'abs barrier ceil fabs floor fma isnan max min rint select shuffle2 sqrt trunc vload4 vstore4'.split(
    ' ',
  ),
]);
