import { formatShape, GrimError, type Tensor } from '@grim/ir';
import { parseNpyHeader } from './npy-header.ts';

/** How one element is read at a byte offset. */
type ElementReader = (view: DataView, offset: number, littleEndian: boolean) => number | bigint;

/** Element types by the letter and size that NumPy gives them. */
const elementTypes: Readonly<Record<string, { readonly bytes: number; readonly read: ElementReader }>> = {
  f4: { bytes: 4, read: (view, offset, little) => view.getFloat32(offset, little) },
  f8: { bytes: 8, read: (view, offset, little) => view.getFloat64(offset, little) },
  i1: { bytes: 1, read: (view, offset) => view.getInt8(offset) },
  i2: { bytes: 2, read: (view, offset, little) => view.getInt16(offset, little) },
  i4: { bytes: 4, read: (view, offset, little) => view.getInt32(offset, little) },
  i8: { bytes: 8, read: (view, offset, little) => view.getBigInt64(offset, little) },
  u1: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  u2: { bytes: 2, read: (view, offset, little) => view.getUint16(offset, little) },
  u4: { bytes: 4, read: (view, offset, little) => view.getUint32(offset, little) },
  u8: { bytes: 8, read: (view, offset, little) => view.getBigUint64(offset, little) },
};

/** Headers are a few dozen bytes; a longer one than this is no header. */
const maximumHeaderBytes = 65_536;

/**
 * Reads a `.npy` file (format versions 1 to 3) into 32-bit floats.
 *
 * Read are 32- and 64-bit floats and integers of 8 to 64 bits, of either byte order, in C order. 64-bit floats are rounded.
 * The bytes may be hostile: nothing is allocated before the shape was checked against the bytes that are there.
 *
 * @param bytes - The whole file, its length exactly what the shape asks for.
 * @throws GrimError when the bytes are anything else, or an integer is not a 32-bit float.
 */
export function readNpy(bytes: Uint8Array): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isNpy = bytes.length >= 10 && view.getUint32(0) === 0x934e554d && view.getUint16(4) === 0x5059;
  if (!isNpy) throw new GrimError('is not a .npy file');
  const major = view.getUint8(6);
  if (major < 1 || major > 3) throw new GrimError(`has .npy format version ${major}, only 1 to 3 are known`);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw new GrimError('ends inside the .npy header');
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maximumHeaderBytes || start + length > bytes.length) {
    throw new GrimError(`claims a .npy header of ${length} bytes in a file of ${bytes.length}`);
  }
  const header = parseNpyHeader(new TextDecoder().decode(bytes.subarray(start, start + length)));
  return { shape: header.shape, data: readElements(view, start + length, header) };
}

function readElements(
  view: DataView,
  start: number,
  { descr, fortranOrder, shape }: ReturnType<typeof parseNpyHeader>,
): Float32Array {
  const match = /^([<>|=])([fiu][1248])$/.exec(descr);
  const type = match?.[2] === undefined ? undefined : elementTypes[match[2]];
  if (!type) {
    throw new GrimError(
      `holds elements of type ${descr}; give 32- or 64-bit floats or integers, e.g. x.astype('float32')`,
    );
  }
  if (fortranOrder && shape.length > 1) {
    throw new GrimError('is in Fortran order; write it with numpy.ascontiguousarray');
  }
  const count = shape.reduce((product, extent) => product * extent, 1);
  const available = view.byteLength - start;
  if (count * type.bytes !== available) {
    throw new GrimError(
      `holds ${available} bytes of data, shape ${formatShape(shape)} of ${descr} needs ${count * type.bytes}`,
    );
  }
  const littleEndian = match?.[1] !== '>';
  const integer = match?.[2]?.startsWith('f') === false;
  const data = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    const value = Number(type.read(view, start + index * type.bytes, littleEndian));
    data[index] = value;
    if (integer && data[index] !== value) {
      throw new GrimError(`element ${index} is ${value}, which is not a 32-bit float`);
    }
  }
  return data;
}
