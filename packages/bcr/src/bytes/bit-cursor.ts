/** Writes numbers of some bits, lowest bit first, into bytes that are zero. */
export interface BitWriter {
  /** Writes the low `count` bits of a number. */
  readonly number: (value: number, count: number) => void;
}

/** A writer over bytes from their first bit on. */
export function bitWriter(bytes: Uint8Array): BitWriter {
  let position = 0;
  return {
    number: (value, count) => {
      for (let bit = 0; bit < count; bit++, position++) {
        const at = position >>> 3;
        bytes[at] = (bytes[at] ?? 0) | (((value >>> bit) & 1) << (position & 7));
      }
    },
  };
}

/** Reads what a {@link BitWriter} wrote. */
export interface BitReader {
  /** The next `count` bits as a number; RangeError past the end. */
  readonly number: (count: number) => number;
  /** Throws RangeError unless less than a byte is left, and that zero. */
  readonly finish: () => void;
}

/** A reader over bytes; `what` names the format in errors. */
export function bitReader(bytes: Uint8Array, what: string): BitReader {
  let position = 0;
  const number = (count: number): number => {
    if (count > bytes.length * 8 - position) {
      throw new RangeError(`${what} ends early: ${count} bits are needed at bit ${position} of its indices`);
    }
    let value = 0;
    for (let bit = 0; bit < count; bit++, position++) {
      value |= (((bytes[position >>> 3] ?? 0) >>> (position & 7)) & 1) << bit;
    }
    return value;
  };
  return {
    number,
    finish: () => {
      const left = bytes.length * 8 - position;
      if (left >= 8 || number(left) !== 0) throw new RangeError(`${what} has ${left} bits after its indices`);
    },
  };
}
