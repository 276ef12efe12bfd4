import type { BcrMask } from './bcr-mask.ts';
import { checkMatrix, type Matrix } from './matrix.ts';

/**
 * A copy of a matrix with +0 wherever the mask keeps nothing; kept values are unchanged.
 *
 * @param matrix - Weights, `rows × columns`.
 * @param mask - A mask over a matrix of the same shape.
 * @throws RangeError when the shapes differ.
 */
export function applyMask(matrix: Matrix, mask: BcrMask): Matrix {
  checkMatrix(matrix);
  const { rows, columns } = matrix;
  const { grid, keptRows, keptColumns } = mask;
  if (grid.rows !== rows || grid.columns !== columns) {
    throw new RangeError(
      `a mask over ${grid.rows}x${grid.columns} cannot be applied to a matrix of ${rows}x${columns}`,
    );
  }
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const columnFlags = Math.floor(row / grid.blockRows) * columns;
    for (let column = 0; column < columns; column++) {
      if (keptColumns[columnFlags + column] === 0) continue;
      if (keptRows[Math.floor(column / grid.blockColumns) * rows + row] === 0) continue;
      values[row * columns + column] = matrix.values[row * columns + column] ?? 0;
    }
  }
  return { rows, columns, values };
}
