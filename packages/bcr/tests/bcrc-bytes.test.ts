import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeBcrc,
  decodeBcrcBytes,
  encodeBcrc,
  encodeBcrcBytes,
  type Bcrc,
  type BcrcForm,
} from '../src/index.ts';
import { filledMatrix, matrixOfForm } from './matrices.ts';

const encoded = (form: BcrcForm): Bcrc => encodeBcrc(matrixOfForm[form].matrix, matrixOfForm[form].grid);
const forms = ['shared', 'chained', 'blocked'] as const;
const bytesOf = {
  shared: encodeBcrcBytes(encoded('shared')),
  chained: encodeBcrcBytes(encoded('chained')),
  blocked: encodeBcrcBytes(encoded('blocked')),
};

/** A copy with other bytes from one place on. */
function changed(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

/** A copy with another little-endian number of 2 or 4 bytes. */
function changedNumber(bytes: Uint8Array, at: number, value: number, width: 2 | 4 = 4): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  if (width === 2) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
  return copy;
}

describe('bytes of every form', () => {
  it.each(forms)('%s: come back as the same arrays', (form) => {
    expect(encoded(form).form).toBe(form);
    expect(decodeBcrcBytes(bytesOf[form])).toEqual(encoded(form));
  });

  it.each(forms)('%s: every truncation and anything after the end is refused', (form) => {
    const bytes = bytesOf[form];
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeBcrcBytes(bytes.subarray(0, length))).toThrow(RangeError);
    }
    const longer = new Uint8Array(bytes.length + 4);
    longer.set(bytes);
    expect(() => decodeBcrcBytes(longer)).toThrow(RangeError);
  });

  it('refuses a mutation or returns a consistent matrix, and throws nothing but RangeError', () => {
    const mutation = fc.record({
      at: fc.nat({ max: 400 }),
      value: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 255)),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...forms),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        (form, mutations) => {
          const bytes = bytesOf[form].slice();
          for (const { at, value } of mutations) bytes[at % bytes.length] = value;
          try {
            // A mutated shape may be large; the caller of a container knows the shape it wants.
            const bcrc = decodeBcrcBytes(bytes, { rows: 64, columns: 48 });
            expect(decodeBcrcBytes(encodeBcrcBytes(bcrc))).toEqual(bcrc);
            expect(decodeBcrc(bcrc).values.length).toBe(64 * 48);
          } catch (error) {
            if (!(error instanceof RangeError)) throw error;
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('does not believe counts that the bytes cannot hold', () => {
    for (const field of [16, 20, 24, 28]) {
      expect(() => decodeBcrcBytes(changedNumber(bytesOf.chained, field, 0xffffffff))).toThrow(/ends early/);
    }
    expect(() => decodeBcrcBytes(changedNumber(bytesOf.blocked, 24, 0xffffffff))).toThrow(/ends early/);
    for (const field of [8, 12]) {
      expect(() => decodeBcrcBytes(changedNumber(bytesOf.chained, field, 0xffffffff))).toThrow(
        /not supported/,
      );
    }
  });

  it('takes no memory for blocks without a bit to stand for them', () => {
    // 2^24 rows in one block each, with the few bytes of a small matrix.
    const bytes = changedNumber(changedNumber(bytesOf.blocked, 8, 2 ** 24), 16, 1);
    expect(() => decodeBcrcBytes(bytes)).toThrow(/16777216x3 blocks in 50 bytes/);
  });

  it('refuses what is not a matrix of the shape, version or kind expected', () => {
    const { chained, blocked } = bytesOf;
    expect(() => decodeBcrcBytes(changed(chained, 0, 0))).toThrow(/must start with BCRC/);
    expect(() => decodeBcrcBytes(changed(chained, 4, 9))).toThrow(/version 9/);
    expect(() => decodeBcrcBytes(changed(chained, 5, 3))).toThrow(/form 3, known are 0 to 2/);
    expect(() => decodeBcrcBytes(changed(chained, 6, 3))).toThrow(/indices of 3 bytes/);
    expect(() => decodeBcrcBytes(changed(chained, 7, 2))).toThrow(/order/);
    expect(() => decodeBcrcBytes(changed(blocked, 6, 2))).toThrow(/neither indices of 2 bytes/);
    expect(() => decodeBcrcBytes(changed(blocked, 7, 1))).toThrow(/nor an order/);
    expect(() => decodeBcrcBytes(chained, { rows: 64, columns: 47 })).toThrow(/64x48, expected 64x47/);
  });

  it('reads bytes from before there was a blocked form', () => {
    const shared =
      '42435243010002010400000004000000020000000200000000000000050000000100030000000200020002000300020000' +
      '000100020001000300000000004040000080400000a0400000004100001041000020410000803f000000400000c0400000' +
      'e040';
    expect(decodeBcrc(decodeBcrcBytes(Buffer.from(shared, 'hex')))).toEqual({
      rows: 4,
      columns: 4,
      values: Float32Array.of(0, 1, 0, 2, 3, 4, 5, 0, 0, 6, 0, 7, 8, 9, 10, 0),
    });
    const chained =
      '424352430101020102000000100000000200000002000000030000000e0000000100000001000100070007000200010000' +
      '00010000000000010002000300040005000600080009000a000b000c000d000e0000000000004000000040000000400000' +
      '00400000004000000040000000400000404000004040000040400000404000004040000040400000404000' +
      '00803f0000803f0000803f0000803f0000803f0000803f0000803f';
    const sevenOf = (value: number): number[] => [...Array<number>(7).fill(value), 0];
    expect(decodeBcrc(decodeBcrcBytes(Buffer.from(chained, 'hex')))).toEqual({
      rows: 2,
      columns: 16,
      values: Float32Array.of(...sevenOf(1), ...sevenOf(0), ...sevenOf(2), ...sevenOf(3)),
    });
  });
});

describe('bytes of the shared and the chained form', () => {
  it('are refused with orders, runs, lists and chains that contradict themselves', () => {
    // From byte 32, all 2 bytes wide: order, run rows, list lengths, chain lengths, chains, columns.
    const bytes = bytesOf.chained;
    const view = new DataView(bytes.buffer);
    const runs = view.getUint32(16, true);
    const lists = view.getUint32(20, true);
    const links = view.getUint32(24, true);
    const order = 32;
    const runRows = order + 64 * 2;
    const listLengths = runRows + runs * 2;
    const chainLinks = listLengths + lists * 2 + runs * 2;
    const columns = chainLinks + links * 2;
    const withIndex = (at: number, value: number): Uint8Array => changedNumber(bytes, at, value, 2);
    expect(bytes[7]).toBe(1);
    expect(() => decodeBcrcBytes(withIndex(order, 64))).toThrow(/permutation/);
    expect(() => decodeBcrcBytes(withIndex(order, view.getUint16(order + 2, true)))).toThrow(/permutation/);
    expect(() => decodeBcrcBytes(withIndex(runRows, 9))).toThrow(/rows of runs/);
    expect(() => decodeBcrcBytes(withIndex(listLengths, 99))).toThrow(/column lists/);
    expect(() => decodeBcrcBytes(withIndex(chainLinks, lists))).toThrow(/chains list/);
    expect(() => decodeBcrcBytes(withIndex(columns, 48))).toThrow(/column 48/);
    expect(() => decodeBcrcBytes(withIndex(columns + 2, view.getUint16(columns, true)))).toThrow(/column/);
  });

  it('are refused with chains whose lists are out of order or overlap', () => {
    const bcrc = encoded('chained');
    if (bcrc.form !== 'chained') throw new Error('this matrix is stored in chains');
    const { chain } = bcrc;
    // The first run has both lists.
    const withLinks = (first: number, second: number): Uint8Array => {
      const lists = Uint32Array.of(first, second, ...chain.lists.subarray(2));
      return encodeBcrcBytes({ ...bcrc, chain: { ...chain, lists } });
    };
    expect(decodeBcrcBytes(withLinks(0, 1))).toEqual(bcrc);
    expect(() => decodeBcrcBytes(withLinks(1, 0))).toThrow(/does not follow/);
    expect(() => decodeBcrcBytes(withLinks(0, 0))).toThrow(/does not follow/);
  });

  it('are refused with links where there are no chains', () => {
    expect(() => decodeBcrcBytes(changedNumber(bytesOf.shared, 24, 1))).toThrow(/without chains/);
  });

  it('are refused with runs without rows', () => {
    const bcrc = encoded('shared');
    if (bcrc.form !== 'shared') throw new Error('this matrix is stored with whole lists');
    const occurrence = Uint32Array.of(0, 0, ...bcrc.occurrence.subarray(1));
    const columnStride = Uint32Array.of(0, 0, ...bcrc.columnStride.subarray(1));
    expect(() => decodeBcrcBytes(encodeBcrcBytes({ ...bcrc, occurrence, columnStride }))).toThrow(
      /without rows/,
    );
  });
});

describe('bytes of the blocked form', () => {
  /** One block of 1×5 that keeps its row, and what follows: bit 0 of the index byte at 28 is the row. */
  const oneBlock = (index: number, columns = 5): Uint8Array => {
    const { values } = filledMatrix(1, columns);
    const bytes = encodeBcrcBytes(
      encodeBcrc({ rows: 1, columns, values }, { blockRows: 1, blockColumns: columns }),
    );
    return changed(bytes, 28, index);
  };

  it('are refused with blocks that are no blocks of the matrix', () => {
    const { blocked } = bytesOf;
    for (const field of [16, 20]) {
      expect(() => decodeBcrcBytes(changedNumber(blocked, field, 0))).toThrow(/0x16|16x0/);
      expect(() => decodeBcrcBytes(changedNumber(blocked, field, 65))).toThrow(/larger than 64x48/);
    }
  });

  it('are refused where a block keeps rows and no columns, or bits are left over', () => {
    expect(decodeBcrcBytes(oneBlock(0b1111101)).form).toBe('blocked');
    expect(() => decodeBcrcBytes(oneBlock(0b0000001))).toThrow(/no columns/);
    expect(() => decodeBcrcBytes(oneBlock(0b11111101))).toThrow(/1 bits after/);
    expect(() => decodeBcrcBytes(oneBlock(0b0111101))).toThrow(/needs 4 weights/);
  });

  it('are refused with lists of columns that are not ascending or not in the block', () => {
    // A list: its number of columns less one, and each column, in 3 bits.
    const list = (count: number, ...columns: readonly number[]): Uint8Array => {
      const bits = [count - 1, ...columns].reduce((sum, value, index) => sum | (value << (2 + 3 * index)), 3);
      const bytes = new Uint8Array(28 + 4 + 4 * count);
      bytes.set(oneBlock(0).subarray(0, 24));
      new DataView(bytes.buffer).setUint32(24, Math.ceil((2 + 3 + 3 * columns.length) / 8), true);
      new DataView(bytes.buffer).setUint32(28, bits, true);
      return bytes;
    };
    expect(decodeBcrcBytes(list(2, 1, 4))).toMatchObject({ compactColumn: Uint32Array.of(1, 4) });
    expect(() => decodeBcrcBytes(list(2, 4, 1))).toThrow(/column 1 after 4/);
    expect(() => decodeBcrcBytes(list(2, 1, 1))).toThrow(/column 1 after 1/);
    expect(() => decodeBcrcBytes(list(2, 1, 5))).toThrow(/column 5 after 1 in a block of 5/);
    expect(() => decodeBcrcBytes(list(8, 0, 1))).toThrow(/ends early|after/);
  });
});
