import type { BcrMask } from '../bcr-mask.ts';
import type { Matrix } from '../matrix.ts';
import { keepEveryRow, type ChosenBlock } from './keep-every-row.ts';
import type { ResolvedMagnitudeOptions } from './magnitude-options.ts';

/** Enters what the blocks of a block row keep into the mask; false when they keep too few rows. */
export function settle(
  matrix: Matrix,
  mask: BcrMask,
  chosen: readonly ChosenBlock[],
  options: ResolvedMagnitudeOptions,
): boolean {
  if (options.keepEveryRow && !keepEveryRow(matrix, chosen)) return false;
  for (const { block, choice } of chosen) {
    mask.keptRows.set(choice.rows, block.blockColumn * matrix.rows + block.firstRow);
    mask.keptColumns.set(choice.columns, block.blockRow * matrix.columns + block.firstColumn);
  }
  return true;
}
