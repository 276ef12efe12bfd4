import type { BcrMask } from './bcr-mask.ts';
import { BeyondReachError } from './beyond-reach-error.ts';
import { fitGrid, type BlockGrid } from './block-grid.ts';
import { keepColumns } from './keep-columns.ts';
import { checkMatrix, type Matrix } from './matrix.ts';
import { checkDiagonal } from './projection/block-shares.ts';
import { resolveMagnitudeOptions, type MagnitudeOptions } from './projection/magnitude-options.ts';
import { bestCompetingSplit, projectCompeting } from './projection/project-competing.ts';
import { projectUniform } from './projection/project-uniform.ts';

/**
 * Chooses the rows and columns that each block keeps, by the energy (sum of squares) of their weights: the Euclidean
 * projection onto block column-row patterns (paper, section III; RTMobile's code keeps the strongest row segments of each
 * group of columns, then the dual).
 *
 * For columns alone and for rows alone the kept energy is the greatest that the counts allow (`keepEveryRow`, `keepEveryColumn`
 * and `keepDiagonal` aside), and so it is for both in a block with at most 7 rows or columns and counts given. In larger blocks rows
 * and columns are chosen jointly by local search: at least the energy of columns-then-rows. Ties go to the lower index.
 *
 * @param matrix - Finite weights, `rows × columns`.
 * @param grid - Block extents; clipped to the matrix.
 * @param options - The rate and how it is spent.
 * @returns What to keep; {@link applyMask} zeroes the rest.
 * @throws RangeError when a weight is not finite, when the rate is below 1, or when options contradict each other;
 * {@link BeyondReachError} when the rate is beyond what the blocks, and what must be kept of them, allow.
 */
export function projectMagnitude(matrix: Matrix, grid: BlockGrid, options: MagnitudeOptions): BcrMask {
  checkMatrix(matrix);
  checkFinite(matrix);
  const fitted = fitGrid(matrix.rows, matrix.columns, grid);
  const resolved = resolveMagnitudeOptions(fitted, options);
  if (resolved.budget !== 'uniform') checkDiagonal(fitted, resolved);
  const project =
    resolved.budget === 'uniform'
      ? projectUniform
      : resolved.rowRate === undefined
        ? bestCompetingSplit
        : projectCompeting;
  const mask = project(matrix, fitted, resolved);
  if (!mask) {
    throw new BeyondReachError(
      `${fitted.blockColumnCount} blocks of ${fitted.blockRows}x${fitted.blockColumns} side by side keep too few rows for every row to be kept in one of them`,
    );
  }
  keepColumns(matrix, mask, options);
  return mask;
}

function checkFinite({ columns, values }: Matrix): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) {
    throw new RangeError(
      `the weight in row ${Math.floor(index / columns)}, column ${index % columns} is ${values[index] ?? NaN}`,
    );
  }
}
