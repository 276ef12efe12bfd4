import { emptyMask, type BcrMask } from './bcr-mask.ts';
import { fitGrid, type BlockGrid } from './block-grid.ts';
import { checkMatrix, type Matrix } from './matrix.ts';

/**
 * The tightest mask that covers every non-zero: in each block, the rows that have one times the columns that have one.
 *
 * @param matrix - Weights, `rows × columns`. NaN counts as non-zero, −0 does not.
 * @param grid - Block extents; clipped to the matrix.
 * @throws RangeError when the values do not fill the shape or an extent is not positive.
 */
export function maskOf(matrix: Matrix, grid: BlockGrid): BcrMask {
  checkMatrix(matrix);
  const { rows, columns, values } = matrix;
  const mask = emptyMask(fitGrid(rows, columns, grid));
  const { blockRows, blockColumns } = mask.grid;
  for (let row = 0; row < rows; row++) {
    const columnFlags = Math.floor(row / blockRows) * columns;
    for (let column = 0; column < columns; column++) {
      if (values[row * columns + column] === 0) continue;
      mask.keptColumns[columnFlags + column] = 1;
      mask.keptRows[Math.floor(column / blockColumns) * rows + row] = 1;
    }
  }
  return mask;
}
