import type { BcrMask } from './bcr-mask.ts';
import { blocksOf, keptColumnsOf, keptRowsOf } from './block.ts';

/** Cells that a mask keeps: kept rows × kept columns, summed over the blocks. */
export function keptCells(mask: BcrMask): number {
  let cells = 0;
  for (const block of blocksOf(mask.grid)) {
    cells += keptRowsOf(mask, block).length * keptColumnsOf(mask, block).length;
  }
  return cells;
}

/** Share of all cells that a mask keeps, from 0 to 1. */
export function maskDensity(mask: BcrMask): number {
  return keptCells(mask) / (mask.grid.rows * mask.grid.columns);
}
