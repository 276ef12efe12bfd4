import type { BcrMask } from './bcr-mask.ts';
import { BeyondReachError } from './beyond-reach-error.ts';
import { checkMatrix, type Matrix } from './matrix.ts';
import { keepEveryColumn } from './projection/keep-every-column.ts';
import type { MagnitudeOptions } from './projection/magnitude-options.ts';

/**
 * Brings back columns that a mask keeps in no block row, as {@link projectMagnitude} does with the same options: for masks that were put
 * together of bands. Each takes the place, in one block, of a column that another block row keeps as well, where that costs least energy.
 *
 * @param matrix - Finite weights, `rows × columns`.
 * @param mask - What is kept so far; changed in place, counts per block stay as they are.
 * @throws BeyondReachError when every column is to be kept and blocks on top of each other keep too few.
 */
export function keepColumns(
  matrix: Matrix,
  mask: BcrMask,
  {
    keepEveryColumn: wanted,
    keepDiagonal = false,
  }: Pick<MagnitudeOptions, 'keepDiagonal' | 'keepEveryColumn'>,
): void {
  if (wanted === false) return;
  checkMatrix(matrix);
  const isDone = keepEveryColumn(matrix, mask, keepDiagonal);
  if (wanted !== true || isDone) return;
  const { blockRowCount, blockRows, blockColumns } = mask.grid;
  throw new BeyondReachError(
    `${blockRowCount} blocks of ${blockRows}x${blockColumns} on top of each other keep too few columns for every column to be kept in one of them`,
  );
}
