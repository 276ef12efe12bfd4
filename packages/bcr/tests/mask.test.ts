import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMask, countNonZeros, fitGrid, keptCells, maskDensity, maskOf } from '../src/index.ts';
import { filledMatrix, sparseArbitrary } from './matrices.ts';

describe('fitGrid', () => {
  it('clips blocks to the matrix and says so', () => {
    expect(fitGrid(10, 7, { blockRows: 4, blockColumns: 7 })).toMatchObject({
      blockRows: 4,
      blockColumns: 7,
      blockRowCount: 3,
      blockColumnCount: 1,
      clipped: false,
    });
    expect(fitGrid(10, 7, { blockRows: 4, blockColumns: 8 })).toMatchObject({
      blockColumns: 7,
      clipped: true,
    });
    expect(fitGrid(3, 7, { blockRows: 4, blockColumns: 2 })).toMatchObject({ blockRows: 3, clipped: true });
  });

  it('refuses blocks and matrices without extent', () => {
    for (const extent of [0, -1, 1.5, NaN, Infinity]) {
      expect(() => fitGrid(4, 4, { blockRows: extent, blockColumns: 4 })).toThrow(RangeError);
      expect(() => fitGrid(4, 4, { blockRows: 4, blockColumns: extent })).toThrow(RangeError);
      expect(() => fitGrid(extent, 4, { blockRows: 4, blockColumns: 4 })).toThrow(RangeError);
    }
    expect(() => fitGrid(2 ** 24, 2 ** 24, { blockRows: 4, blockColumns: 4 })).toThrow(RangeError);
  });
});

describe('maskOf', () => {
  it('covers every non-zero', () => {
    fc.assert(
      fc.property(sparseArbitrary, ({ matrix, grid }) => {
        const covered = applyMask(matrix, maskOf(matrix, grid));
        covered.values.forEach((value, index) => {
          expect(value + 0).toBe((matrix.values[index] ?? NaN) + 0);
        });
      }),
    );
  });

  it('is the tightest: every kept row and column of a block meets a non-zero in it', () => {
    fc.assert(
      fc.property(sparseArbitrary, ({ matrix, grid }) => {
        const mask = maskOf(matrix, grid);
        const { blockRows, blockColumns } = mask.grid;
        const hasNonZero = (rows: [number, number], columns: [number, number]): boolean => {
          for (let row = rows[0]; row < Math.min(rows[1], matrix.rows); row++) {
            for (let column = columns[0]; column < Math.min(columns[1], matrix.columns); column++) {
              if (matrix.values[row * matrix.columns + column] !== 0) return true;
            }
          }
          return false;
        };
        mask.keptRows.forEach((kept, index) => {
          const first = Math.floor(index / matrix.rows) * blockColumns;
          const row = index % matrix.rows;
          expect(kept === 1).toBe(hasNonZero([row, row + 1], [first, first + blockColumns]));
        });
        mask.keptColumns.forEach((kept, index) => {
          const first = Math.floor(index / matrix.columns) * blockRows;
          const column = index % matrix.columns;
          expect(kept === 1).toBe(hasNonZero([first, first + blockRows], [column, column + 1]));
        });
      }),
    );
  });

  it('keeps NaN and drops −0', () => {
    const mask = maskOf(
      { rows: 1, columns: 3, values: Float32Array.of(NaN, -0, 1) },
      { blockRows: 1, blockColumns: 3 },
    );
    expect([...mask.keptColumns]).toEqual([1, 0, 1]);
  });
});

describe('counting what masks keep', () => {
  it('counts at least the non-zeros, and exactly the cells that survive', () => {
    fc.assert(
      fc.property(sparseArbitrary, ({ matrix, grid }) => {
        const mask = maskOf(matrix, grid);
        const ones = applyMask({ ...matrix, values: matrix.values.map(() => 1) }, mask);
        expect(keptCells(mask)).toBe(countNonZeros(ones.values));
        expect(keptCells(mask)).toBeGreaterThanOrEqual(countNonZeros(matrix.values));
        expect(maskDensity(mask)).toBeCloseTo(keptCells(mask) / matrix.values.length, 12);
        expect(maskOf(ones, grid)).toEqual(mask);
      }),
    );
  });

  it('ignores flags that keep no cell', () => {
    const mask = maskOf(
      { rows: 2, columns: 2, values: new Float32Array(4) },
      { blockRows: 2, blockColumns: 2 },
    );
    const rowsOnly = { ...mask, keptRows: mask.keptRows.map(() => 1) };
    expect(keptCells(rowsOnly)).toBe(0);
  });

  it('refuses to apply a mask of another shape', () => {
    const mask = maskOf(filledMatrix(2, 3), { blockRows: 1, blockColumns: 1 });
    expect(() => applyMask(filledMatrix(3, 2), mask)).toThrow(/2x3.*3x2/);
  });
});
