import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMask, fitGrid, projectMagnitude, stackMasks, type Matrix } from '../src/index.ts';
import { filledMatrix } from './matrices.ts';

function band(matrix: Matrix, first: number, rows: number): Matrix {
  const { columns, values } = matrix;
  return { rows, columns, values: values.subarray(first * columns, (first + rows) * columns) };
}

describe('stackMasks', () => {
  const grid = { blockRows: 4, blockColumns: 6 };

  it('keeps in each band what the mask of the band keeps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ blocks: fc.integer({ min: 1, max: 3 }), rate: fc.constantFrom(1, 2, 3) }), {
          minLength: 1,
          maxLength: 4,
        }),
        (bands) => {
          const matrix = filledMatrix(
            bands.reduce((rows, { blocks }) => rows + blocks * 4, 0),
            14,
          );
          let first = 0;
          const parts = bands.map(({ blocks, rate }) => {
            const part = band(matrix, first, blocks * 4);
            first += blocks * 4;
            return { part, mask: projectMagnitude(part, grid, { rate, split: 'both', keepEveryRow: false }) };
          });
          const stacked = stackMasks(parts.map(({ mask }) => mask));
          expect(stacked.grid).toEqual(fitGrid(matrix.rows, 14, grid));
          expect([...applyMask(matrix, stacked).values]).toEqual(
            parts.flatMap(({ part, mask }) => [...applyMask(part, mask).values]),
          );
        },
      ),
    );
  });

  it('refuses bands that do not fit, and none at all', () => {
    const mask = (rows: number, columns: number) =>
      projectMagnitude(filledMatrix(rows, columns), grid, { rate: 1 });
    expect(() => stackMasks([])).toThrow(/no masks/);
    expect(() => stackMasks([mask(4, 6), mask(4, 7)])).toThrow(/cannot be stacked/);
    expect(() => stackMasks([mask(6, 6), mask(4, 6)])).toThrow(/6x6 in blocks of 4x6 cannot be stacked/);
  });
});
