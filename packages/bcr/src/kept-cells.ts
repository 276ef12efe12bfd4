import type { BcrMask } from './bcr-mask.ts';
import { blocksOf, keptColumnsOf, keptRowsOf } from './block.ts';

/** Cells that a mask keeps: kept rows × kept columns, summed over the blocks. */
export function keptCells(mask: BcrMask): number {
  return blocksOf(mask.grid).reduce(
    (sum, block) => sum + keptRowsOf(mask, block).length * keptColumnsOf(mask, block).length,
    0,
  );
}

/** Share of all cells that a mask keeps, from 0 to 1. */
export function maskDensity(mask: BcrMask): number {
  return keptCells(mask) / (mask.grid.rows * mask.grid.columns);
}
