import type { BcrMask } from './bcr-mask.ts';
import { blocksOf, keptColumnsOf, keptRowsOf } from './block.ts';

/**
 * Whether two masks have the same grid and keep the same cells. Flags that keep no cell (rows kept in a block without
 * kept columns) make no difference.
 *
 * @param a - One mask.
 * @param b - The other mask.
 */
export function masksEqual(a: BcrMask, b: BcrMask): boolean {
  const { rows, columns, blockRows, blockColumns } = a.grid;
  if (rows !== b.grid.rows || columns !== b.grid.columns) return false;
  if (blockRows !== b.grid.blockRows || blockColumns !== b.grid.blockColumns) return false;
  for (const block of blocksOf(a.grid)) {
    const cells = [a, b].map((mask) => {
      const keptRows = keptRowsOf(mask, block);
      const keptColumns = keptColumnsOf(mask, block);
      return keptRows.length * keptColumns.length === 0 ? '' : `${keptRows.join()};${keptColumns.join()}`;
    });
    if (cells[0] !== cells[1]) return false;
  }
  return true;
}
