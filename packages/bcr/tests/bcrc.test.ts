import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyMask,
  bcrcByteLength,
  bcrcCodec,
  bcrcForm,
  columnsOfRun,
  countNonZeros,
  decodeBcrc,
  decodeBcrcBytes,
  encodeBcrc,
  encodeBcrcBytes,
  maskOf,
  multiplyBcrc,
  multiplyMatrix,
  reorderRows,
} from '../src/index.ts';
import { filledMatrix, rowPrunedMatrix, sparseArbitrary, uniform } from './matrices.ts';

/** The bits of each value, so that −0 and NaN count. */
const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.slice().buffer);

describe('reorderRows', () => {
  it('is a permutation whose runs agree on their columns, longest lists first', () => {
    fc.assert(
      fc.property(sparseArbitrary, ({ matrix, grid }) => {
        const { reorder, occurrence } = reorderRows(matrix, grid);
        expect([...reorder].sort((a, b) => a - b)).toEqual(
          Array.from({ length: matrix.rows }, (_, row) => row),
        );
        const ones = applyMask(
          { ...matrix, values: matrix.values.map(() => 1) },
          maskOf(matrix, grid),
        ).values;
        const listOf = (row: number): string =>
          ones.subarray(row * matrix.columns, (row + 1) * matrix.columns).join();
        const seen = new Set<string>();
        let previousLength = Infinity;
        for (let run = 0; run + 1 < occurrence.length; run++) {
          const lists = new Set([...reorder.subarray(occurrence[run], occurrence[run + 1])].map(listOf));
          expect(lists.size).toBe(1);
          for (const list of lists) {
            expect(seen.has(list)).toBe(false);
            seen.add(list);
            const length = list.split(',').filter((flag) => flag === '1').length;
            expect(length).toBeLessThanOrEqual(previousLength);
            previousLength = length;
          }
        }
      }),
    );
  });

  it('leaves rows alone whose lists have one length', () => {
    const values = filledMatrix(8, 8).values.map((value, index) =>
      Math.floor(index / 32) === index % 2 ? value : 0,
    );
    const { reorder, occurrence } = reorderRows(
      { rows: 8, columns: 8, values },
      { blockRows: 4, blockColumns: 8 },
    );
    expect([...reorder]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...occurrence]).toEqual([0, 4, 8]);
  });
});

describe('encodeBcrc', () => {
  it('gives every value back, bit for bit where it is kept and as +0 elsewhere', () => {
    fc.assert(
      fc.property(sparseArbitrary, ({ matrix, grid }) => {
        const bcrc = encodeBcrc(matrix, grid);
        const decoded = decodeBcrc(bcrc);
        expect(bitsOf(decoded.values)).toEqual(bitsOf(applyMask(matrix, maskOf(matrix, grid)).values));
        expect(countNonZeros(decoded.values)).toBe(countNonZeros(matrix.values));
      }),
    );
  });

  it('survives bytes unchanged', () => {
    fc.assert(
      fc.property(sparseArbitrary, ({ matrix, grid }) => {
        const bcrc = encodeBcrc(matrix, grid);
        const bytes = encodeBcrcBytes(bcrc);
        expect(bytes.length).toBe(bcrcByteLength(bcrc));
        expect(decodeBcrcBytes(bytes, matrix)).toEqual(bcrc);
        // The same bytes at an odd address of a larger buffer.
        const shifted = new Uint8Array(bytes.length + 1);
        shifted.set(bytes, 1);
        expect(decodeBcrcBytes(shifted.subarray(1))).toEqual(bcrc);
      }),
    );
  });

  it('multiplies like the dense matrix', () => {
    fc.assert(
      fc.property(sparseArbitrary, fc.constantFrom(1, 3), fc.integer(), ({ matrix, grid }, columns, seed) => {
        const values = Float32Array.from(
          { length: matrix.columns * columns },
          (_, index) => uniform(seed, [index]) - 0.5,
        );
        const right = { rows: matrix.columns, columns, values };
        const product = multiplyBcrc(encodeBcrc(matrix, grid), right).values;
        const expected = multiplyMatrix(matrix, right).values;
        // Both add the same doubles in the same order; terms that are missing are zeros.
        expect(product.map((value) => value + 0)).toEqual(expected.map((value) => value + 0));
      }),
    );
  });

  it('stores each column list once, with offsets that fit', () => {
    const matrix = filledMatrix(8, 8);
    const values = matrix.values.map((value, index) => (Math.floor(index / 32) === index % 2 ? value : 0));
    const bcrc = encodeBcrc({ ...matrix, values }, { blockRows: 4, blockColumns: 4 });
    expect(bcrcForm(bcrc)).toBe('shared');
    expect([...bcrc.rowOffset]).toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32]);
    expect([...bcrc.occurrence]).toEqual([0, 4, 8]);
    expect([...bcrc.columnStride]).toEqual([0, 4, 8]);
    expect([...bcrc.compactColumn]).toEqual([0, 2, 4, 6, 1, 3, 5, 7]);
    expect([...columnsOfRun(bcrc, 1)]).toEqual([1, 3, 5, 7]);
  });

  it('chains block lists where rows were pruned block by block, and only where that is smaller', () => {
    const grid = { blockRows: 16, blockColumns: 16 };
    const matrix = rowPrunedMatrix(64, 64, grid);
    const bcrc = encodeBcrc(matrix, grid);
    expect(bcrcForm(bcrc)).toBe('chained');
    expect(bitsOf(decodeBcrc(bcrc).values)).toEqual(bitsOf(matrix.values));
    // One list per block at most, although nearly every row has a whole-width list of its own.
    expect(bcrc.columnStride.length - 1).toBeLessThanOrEqual(16);
    expect(bcrc.occurrence.length - 1).toBeGreaterThan(16);
    const shared = encodeBcrc(matrix, { blockRows: 1, blockColumns: 64 });
    expect(bcrcForm(shared)).toBe('shared');
    expect(bcrcByteLength(bcrc)).toBeLessThan(bcrcByteLength(shared));
  });

  it('uses wide indices beyond 65,535 columns', () => {
    for (const columns of [65_535, 65_536]) {
      const values = new Float32Array(2 * columns);
      values[columns - 1] = 1;
      values[columns] = 2;
      const bcrc = encodeBcrc({ rows: 2, columns, values }, { blockRows: 1, blockColumns: 1024 });
      const bytes = encodeBcrcBytes(bcrc);
      expect(bytes[6]).toBe(columns === 65_535 ? 2 : 4);
      expect(decodeBcrc(decodeBcrcBytes(bytes)).values).toEqual(values);
    }
  });
});

describe('decodeBcrcBytes on bytes from anywhere', () => {
  const grid = { blockRows: 16, blockColumns: 16 };
  const chained = encodeBcrcBytes(encodeBcrc(rowPrunedMatrix(32, 48, grid), grid));
  const reordered = encodeBcrcBytes(
    encodeBcrc(rowPrunedMatrix(20, 8, { blockRows: 5, blockColumns: 8 }), grid),
  );

  it('refuses every truncation and anything after the end', () => {
    for (const bytes of [chained, reordered]) {
      for (let length = 0; length < bytes.length; length++) {
        expect(() => decodeBcrcBytes(bytes.subarray(0, length))).toThrow(RangeError);
      }
      const longer = new Uint8Array(bytes.length + 4);
      longer.set(bytes);
      expect(() => decodeBcrcBytes(longer)).toThrow(RangeError);
    }
  });

  it('refuses a mutation or returns a consistent matrix, and throws nothing but RangeError', () => {
    const mutation = fc.record({
      at: fc.nat({ max: 400 }),
      value: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 255)),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(chained, reordered),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        (original, mutations) => {
          const bytes = original.slice();
          for (const { at, value } of mutations) bytes[at % bytes.length] = value;
          try {
            // A mutated shape may be large; the caller of a container knows the shape it wants.
            const bcrc = decodeBcrcBytes(bytes, { rows: 32, columns: 48 });
            expect(encodeBcrcBytes(bcrc).length).toBeGreaterThan(0);
            expect(decodeBcrc(bcrc).values.length).toBe(32 * 48);
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
      const bytes = chained.slice();
      new DataView(bytes.buffer).setUint32(field, 0xffffffff, true);
      expect(() => decodeBcrcBytes(bytes)).toThrow(/ends early/);
    }
    for (const field of [8, 12]) {
      const bytes = chained.slice();
      new DataView(bytes.buffer).setUint32(field, 0xffffffff, true);
      expect(() => decodeBcrcBytes(bytes)).toThrow(/not supported/);
    }
  });

  it('refuses what is not a matrix of the shape, version or kind expected', () => {
    const changed = (at: number, value: number): Uint8Array => {
      const bytes = chained.slice();
      bytes[at] = value;
      return bytes;
    };
    expect(() => decodeBcrcBytes(changed(0, 0))).toThrow(/must start with BCRC/);
    expect(() => decodeBcrcBytes(changed(4, 9))).toThrow(/version 9/);
    expect(() => decodeBcrcBytes(changed(5, 2))).toThrow(/form/);
    expect(() => decodeBcrcBytes(changed(6, 3))).toThrow(/indices of 3 bytes/);
    expect(() => decodeBcrcBytes(changed(7, 2))).toThrow(/order/);
    expect(() => decodeBcrcBytes(chained, { rows: 32, columns: 47 })).toThrow(/32x48, expected 32x47/);
  });

  it('refuses orders, runs, lists and chains that contradict themselves', () => {
    // From byte 32, all 2 bytes wide: order, run rows, list lengths, chain lengths, chains, columns.
    const view = new DataView(chained.buffer);
    const runs = view.getUint32(16, true);
    const lists = view.getUint32(20, true);
    const links = view.getUint32(24, true);
    const order = 32;
    const runRows = order + 32 * 2;
    const listLengths = runRows + runs * 2;
    const chainLinks = listLengths + lists * 2 + runs * 2;
    const columns = chainLinks + links * 2;
    const changed = (at: number, value: number): Uint8Array => {
      const bytes = chained.slice();
      new DataView(bytes.buffer).setUint16(at, value, true);
      return bytes;
    };
    expect(chained[7]).toBe(1);
    expect(() => decodeBcrcBytes(changed(order, 32))).toThrow(/permutation/);
    expect(() => decodeBcrcBytes(changed(order, view.getUint16(order + 2, true)))).toThrow(/permutation/);
    expect(() => decodeBcrcBytes(changed(runRows, 9))).toThrow(/rows of runs/);
    expect(() => decodeBcrcBytes(changed(listLengths, 99))).toThrow(/column lists/);
    expect(() => decodeBcrcBytes(changed(chainLinks, lists))).toThrow(/chains list/);
    expect(() => decodeBcrcBytes(changed(columns, 48))).toThrow(/column 48/);
    expect(() => decodeBcrcBytes(changed(columns + 2, view.getUint16(columns, true)))).toThrow(/column/);
  });

  it('refuses chains whose lists are out of order or overlap', () => {
    const bcrc = encodeBcrc(rowPrunedMatrix(32, 48, grid), grid);
    const { chain } = bcrc;
    if (!chain) throw new Error('this matrix is stored in chains');
    const run = chain.offset.findIndex((offset, index) => (chain.offset[index + 1] ?? 0) - offset >= 2);
    const start = chain.offset[run] ?? 0;
    const [first = 0, second = 0] = chain.lists.subarray(start);
    const withLinks = (a: number, b: number): Uint8Array => {
      const lists = chain.lists.slice();
      lists[start] = a;
      lists[start + 1] = b;
      return encodeBcrcBytes({ ...bcrc, chain: { ...chain, lists } });
    };
    expect(decodeBcrcBytes(withLinks(first, second))).toEqual(bcrc);
    expect(() => decodeBcrcBytes(withLinks(second, first))).toThrow(/does not follow/);
    expect(() => decodeBcrcBytes(withLinks(first, first))).toThrow(/does not follow/);
  });

  it('refuses links where there are no chains', () => {
    const bytes = reordered.slice();
    expect(bytes[5]).toBe(0);
    new DataView(bytes.buffer).setUint32(24, 1, true);
    expect(() => decodeBcrcBytes(bytes)).toThrow(/without chains/);
  });

  it('refuses runs without rows', () => {
    const bcrc = encodeBcrc(rowPrunedMatrix(20, 8, { blockRows: 5, blockColumns: 8 }), grid);
    const occurrence = Uint32Array.of(0, 0, ...bcrc.occurrence.subarray(1));
    const columnStride = Uint32Array.of(0, 0, ...bcrc.columnStride.subarray(1));
    expect(bcrcForm(bcrc)).toBe('shared');
    expect(() => decodeBcrcBytes(encodeBcrcBytes({ ...bcrc, occurrence, columnStride }))).toThrow(
      /without rows/,
    );
  });
});

describe('bcrcCodec', () => {
  it('round-trips a pruned matrix and declines one that would not get smaller', () => {
    fc.assert(
      fc.property(sparseArbitrary, ({ matrix, grid }) => {
        const bytes = bcrcCodec.encode(matrix.values, matrix.rows, matrix.columns, { ...grid, rate: 2 });
        if (bytes === undefined) {
          expect(bcrcByteLength(encodeBcrc(matrix, grid))).toBeGreaterThanOrEqual(matrix.values.byteLength);
          return;
        }
        expect(bytes.length).toBeLessThan(matrix.values.byteLength);
        const decoded = bcrcCodec.decode(bytes, matrix.rows, matrix.columns);
        expect(decoded.map((value) => value + 0)).toEqual(matrix.values.map((value) => value + 0));
      }),
    );
    const dense = filledMatrix(16, 16);
    expect(
      bcrcCodec.encode(dense.values, 16, 16, { blockRows: 4, blockColumns: 4, rate: 1 }),
    ).toBeUndefined();
    const sparse = rowPrunedMatrix(64, 64, { blockRows: 16, blockColumns: 16 });
    expect(
      bcrcCodec.encode(sparse.values, 64, 64, { blockRows: 16, blockColumns: 16, rate: 4 }),
    ).toBeDefined();
  });

  it('refuses bytes of another shape', () => {
    const { values } = rowPrunedMatrix(64, 64, { blockRows: 16, blockColumns: 16 });
    const bytes = bcrcCodec.encode(values, 64, 64, { blockRows: 16, blockColumns: 16, rate: 4 });
    expect(() => bcrcCodec.decode(bytes ?? new Uint8Array(), 32, 128)).toThrow(/64x64, expected 32x128/);
  });
});
