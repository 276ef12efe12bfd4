import { describe, expect, it } from 'vitest';
import { accountBytes, applyMask, projectMagnitude } from '../src/index.ts';
import { filledMatrix } from './matrices.ts';

/** Bytes that are not weights against CSR with indices of the same width, of 8× with rows pruned 2× and columns 4×. */
function indexBytesAgainstCsr(
  rows: number,
  columns: number,
  blockRows: number,
  blockColumns: number,
): number {
  const matrix = filledMatrix(rows, columns);
  const grid = { blockRows, blockColumns };
  const mask = projectMagnitude(matrix, grid, { rate: 8, split: 'both', rowRate: 2, columnRate: 4 });
  const { bcrc, csr, nonZeros } = accountBytes(applyMask(matrix, mask), grid);
  expect(bcrc.weights).toBe(nonZeros * 4);
  expect(csr.weights).toBe(nonZeros * 4);
  return bcrc.indices / csr.indices;
}

describe('index bytes of masks with both rows and columns pruned', () => {
  // The widths of convolutions of 64 and 512 channels with filters of 3×3.
  for (const [rows, columns] of [
    [64, 576],
    [512, 4608],
  ] as const) {
    it.each([
      [4, 16, 0.55],
      [8, 32, 0.3],
      [16, 64, 0.16],
    ])(
      `${String(rows)}×${String(columns)} in blocks of %i×%i: at most %d of CSR`,
      (blockRows, blockColumns, most) => {
        expect(indexBytesAgainstCsr(rows, columns, blockRows, blockColumns)).toBeLessThanOrEqual(most);
      },
    );
  }
});
