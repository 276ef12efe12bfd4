import type { Tensor } from '@grim/ir';

/** The data starts at a multiple of this many bytes. */
const alignment = 64;

/** Magic, version and length of the header. */
const preambleBytes = 10;

/**
 * The bytes of a `.npy` file (format version 1): 32-bit floats, little-endian, C order.
 *
 * @param tensor - Row-major; its shape is written as it is.
 */
export function writeNpy({ shape, data }: Tensor): Uint8Array {
  const extents = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(', ');
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${extents}), }`;
  const end = Math.ceil((preambleBytes + dictionary.length + 1) / alignment) * alignment;
  const bytes = new Uint8Array(end + data.length * 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, end - preambleBytes, true);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(end - preambleBytes - 1)}\n`), preambleBytes);
  for (const [index, value] of data.entries()) view.setFloat32(end + index * 4, value, true);
  return bytes;
}
