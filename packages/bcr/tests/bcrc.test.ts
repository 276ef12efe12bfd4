import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyMask,
  bcrcByteLength,
  bcrcCodec,
  countNonZeros,
  decodeBcrc,
  decodeBcrcBytes,
  encodeBcrc,
  encodeBcrcBytes,
  maskOf,
  multiplyBcrc,
  multiplyMatrix,
  rectanglesOf,
  reorderRows,
  type Bcrc,
  type BcrcForm,
  type BlockGrid,
  type Matrix,
} from '../src/index.ts';
import { filledMatrix, matrixOfForm, rowPrunedMatrix, sparseArbitrary, uniform } from './matrices.ts';

/** The bits of each value, so that −0 and NaN count. */
const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.slice().buffer);

/** Encodes a matrix whose smallest form is known. */
function encodeAs<Form extends BcrcForm>(
  form: Form,
  matrix: Matrix,
  grid: BlockGrid,
): Extract<Bcrc, { form: Form }> {
  const bcrc = encodeBcrc(matrix, grid);
  const isOfForm = (stored: Bcrc): stored is Extract<Bcrc, { form: Form }> => stored.form === form;
  if (!isOfForm(bcrc)) throw new Error(`stored as ${bcrc.form}, expected ${form}`);
  return bcrc;
}

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
    const anyForm = fc.oneof(sparseArbitrary, fc.constantFrom(...Object.values(matrixOfForm)));
    fc.assert(
      fc.property(anyForm, fc.constantFrom(1, 3), fc.integer(), ({ matrix, grid }, columns, seed) => {
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

  it('stores each column list once in the shared form, with offsets that fit', () => {
    const { matrix, grid } = matrixOfForm.shared;
    const bcrc = encodeAs('shared', matrix, grid);
    const every = (step: number, start: number, end: number): number[] =>
      Array.from({ length: Math.ceil((end - start) / step) }, (_, index) => start + step * index);
    const lists = [
      [...every(4, 0, 48), 47],
      [...every(4, 1, 48), 47],
    ];
    // Even rows, then odd ones, 13 columns each.
    expect([...bcrc.reorder]).toEqual([...every(2, 0, 64), ...every(2, 1, 64)]);
    expect([...bcrc.rowOffset]).toEqual(every(13, 0, 64 * 13 + 1));
    expect([...bcrc.occurrence]).toEqual([0, 32, 64]);
    expect([...bcrc.columnStride]).toEqual([0, 13, 26]);
    expect([...bcrc.compactColumn]).toEqual(lists.flat());
    expect([...rectanglesOf(bcrc)]).toEqual([
      { rows: Uint32Array.from(every(2, 0, 64)), columns: Uint32Array.from(lists[0] ?? []), firstWeight: 0 },
      {
        rows: Uint32Array.from(every(2, 1, 64)),
        columns: Uint32Array.from(lists[1] ?? []),
        firstWeight: 416,
      },
    ]);
  });

  it('chains the lists of blocks where rows agree on some blocks only', () => {
    const { matrix, grid } = matrixOfForm.chained;
    const bcrc = encodeAs('chained', matrix, grid);
    // Two lists, and both of them for the rows that keep both blocks.
    expect(bcrc.columnStride.length - 1).toBe(2);
    expect([...bcrc.chain.offset]).toEqual([0, 2, 3]);
    expect([...bcrc.chain.lists]).toEqual([0, 1, 0]);
    expect(bitsOf(decodeBcrc(bcrc).values)).toEqual(bitsOf(matrix.values));
  });

  it('stores block by block where rows were pruned block by block', () => {
    const { matrix, grid } = matrixOfForm.blocked;
    const bcrc = encodeAs('blocked', matrix, grid);
    expect(bcrc.rowStride.length - 1).toBe(4 * 3);
    expect(bitsOf(decodeBcrc(bcrc).values)).toEqual(bitsOf(matrix.values));
    // A block of 16×16 takes 16 bits for its rows, 1 for the kind of list and 16 for its columns.
    expect(bcrcByteLength(bcrc)).toBe(28 + Math.ceil((12 * 33) / 32) * 4 + 4 * countNonZeros(matrix.values));
  });

  it('lists the columns of a block where it keeps few of them', () => {
    const values = new Float32Array(8 * 200);
    for (const column of [0, 77, 199]) values.fill(1, column * 8, column * 8 + 8);
    const transposed = values.map((_, index) => values[(index % 200) * 8 + Math.floor(index / 200)] ?? 0);
    const matrix = { rows: 8, columns: 200, values: transposed };
    const bcrc = encodeAs('blocked', matrix, { blockRows: 8, blockColumns: 200 });
    // 8 bits for rows, 1 for the kind of list, and 8 each for the number of columns and three columns.
    expect(bcrcByteLength(bcrc)).toBe(28 + 8 + 4 * 24);
    expect(decodeBcrcBytes(encodeBcrcBytes(bcrc))).toEqual(bcrc);
  });

  it('takes the form with the fewest bytes', () => {
    const lengths = (matrix: Matrix, grids: readonly BlockGrid[]): number[] =>
      grids.map((grid) => bcrcByteLength(encodeBcrc(matrix, grid)));
    const { matrix, grid } = matrixOfForm.blocked;
    const [blocks = 0, rows = 0] = lengths(matrix, [grid, { blockRows: 1, blockColumns: 48 }]);
    expect(blocks).toBeLessThan(rows);
    for (const [form, pruned] of Object.entries(matrixOfForm)) {
      expect(encodeBcrc(pruned.matrix, pruned.grid).form).toBe(form);
    }
  });

  it('uses wide indices beyond 65,535 columns', () => {
    for (const columns of [65_535, 65_536]) {
      const values = new Float32Array(2 * columns);
      values[columns - 1] = 1;
      values[columns] = 2;
      const bcrc = encodeAs('shared', { rows: 2, columns, values }, { blockRows: 1, blockColumns: 64 });
      const bytes = encodeBcrcBytes(bcrc);
      expect(bytes[6]).toBe(columns === 65_535 ? 2 : 4);
      expect(decodeBcrc(decodeBcrcBytes(bytes)).values).toEqual(values);
    }
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
