/** Bytes per index: 2 where every number fits, 4 otherwise. */
export type IndexWidth = 2 | 4;

/** The narrowest width in which every number up to `largest` fits. */
export function indexWidthFor(largest: number): IndexWidth {
  return largest <= 0xffff ? 2 : 4;
}

/** Bytes of `count` indices, filled up so that 32-bit weights after them are aligned. */
export function alignedIndexBytes(count: number, width: IndexWidth): number {
  return Math.ceil((count * width) / 4) * 4;
}

/** Writes little-endian numbers one after the other. */
export interface ByteWriter {
  readonly bytes: Uint8Array;
  readonly byte: (value: number) => void;
  readonly word: (value: number) => void;
  readonly indices: (values: Iterable<number>, width: IndexWidth) => void;
  /** Fills up with zeros to a multiple of 4 bytes. */
  readonly align: () => void;
  readonly floats: (values: Float32Array) => void;
  /** Skips bytes and returns them for another writer to fill. */
  readonly section: (length: number) => Uint8Array;
}

/** A writer over `length` fresh bytes. */
export function byteWriter(length: number): ByteWriter {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  const advance = (by: number): number => (offset += by) - by;
  return {
    bytes,
    byte: (value) => {
      view.setUint8(advance(1), value);
    },
    word: (value) => {
      view.setUint32(advance(4), value, true);
    },
    indices: (values, width) => {
      for (const value of values) {
        if (width === 2) view.setUint16(advance(2), value, true);
        else view.setUint32(advance(4), value, true);
      }
    },
    align: () => {
      offset = Math.ceil(offset / 4) * 4;
    },
    floats: (values) => {
      for (const value of values) view.setFloat32(advance(4), value, true);
    },
    section: (length) => {
      const start = advance(length);
      return bytes.subarray(start, start + length);
    },
  };
}

/** Reads what a {@link ByteWriter} wrote. Reading past the end throws RangeError before anything is allocated. */
export interface ByteReader {
  /** Bytes not read yet. */
  readonly remaining: () => number;
  readonly byte: () => number;
  readonly word: () => number;
  readonly indices: (count: number, width: IndexWidth) => Uint32Array;
  /** Skips to a multiple of 4 bytes; the bytes skipped must be zero. */
  readonly align: () => void;
  readonly floats: (count: number) => Float32Array;
  /** The next bytes, not copied. */
  readonly section: (length: number) => Uint8Array;
}

/** A reader over bytes; `what` names the format in errors. */
export function byteReader(bytes: Uint8Array, what: string): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  const advance = (by: number): number => {
    if (by > bytes.length - offset) {
      throw new RangeError(
        `${what} ends early: ${by} bytes are needed at ${offset}, ${bytes.length - offset} are left`,
      );
    }
    return (offset += by) - by;
  };
  return {
    remaining: () => bytes.length - offset,
    byte: () => view.getUint8(advance(1)),
    word: () => view.getUint32(advance(4), true),
    indices: (count, width) => {
      const start = advance(count * width);
      const values = new Uint32Array(count);
      for (let index = 0; index < count; index++) {
        const at = start + index * width;
        values[index] = width === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
      }
      return values;
    },
    align: () => {
      while (offset % 4 !== 0) {
        if (view.getUint8(advance(1)) !== 0) throw new RangeError(`${what} has data in its alignment bytes`);
      }
    },
    floats: (count) => {
      const start = advance(count * 4);
      const values = new Float32Array(count);
      for (let index = 0; index < count; index++) values[index] = view.getFloat32(start + index * 4, true);
      return values;
    },
    section: (length) => {
      const start = advance(length);
      return bytes.subarray(start, start + length);
    },
  };
}
