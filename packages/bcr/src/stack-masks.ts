import { emptyMask, type BcrMask } from './bcr-mask.ts';
import { fitGrid } from './block-grid.ts';

/**
 * The mask of a matrix from the masks of its bands, one below the other, as for the gates of a recurrent layer that are
 * pruned at different rates.
 *
 * @param masks - Masks over bands of the same width and block extents, from top to bottom.
 * @throws RangeError when there is none, when bands differ in width or blocks, or when a band is no whole number of blocks high.
 */
export function stackMasks(masks: readonly BcrMask[]): BcrMask {
  const [first] = masks;
  if (!first) throw new RangeError('there are no masks to stack');
  const { columns, blockRows, blockColumns, blockColumnCount } = first.grid;
  for (const { grid } of masks) {
    const alike =
      grid.columns === columns && grid.blockRows === blockRows && grid.blockColumns === blockColumns;
    if (!alike || grid.rows % blockRows !== 0) {
      throw new RangeError(
        `a band of ${grid.rows}x${grid.columns} in blocks of ${grid.blockRows}x${grid.blockColumns} cannot be stacked on bands ${columns} wide in blocks of ${blockRows}x${blockColumns}`,
      );
    }
  }
  const rows = masks.reduce((sum, { grid }) => sum + grid.rows, 0);
  const stacked = emptyMask(fitGrid(rows, columns, { blockRows, blockColumns }));
  let firstRow = 0;
  for (const { grid, keptRows, keptColumns } of masks) {
    for (let block = 0; block < blockColumnCount; block++) {
      const band = keptRows.subarray(block * grid.rows, (block + 1) * grid.rows);
      stacked.keptRows.set(band, block * rows + firstRow);
    }
    stacked.keptColumns.set(keptColumns, (firstRow / blockRows) * columns);
    firstRow += grid.rows;
  }
  return stacked;
}
