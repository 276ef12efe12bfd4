import type { FittedGrid } from './block-grid.ts';

/**
 * A block-based column-row mask: in every block, the cells where a kept row meets a kept column are kept.
 *
 * Cell (r, c) is kept when `keptRows[blockColumn(c) × rows + r]` and `keptColumns[blockRow(r) × columns + c]` are both
 * 1. The flags lie in matrix order, so a block row reads its columns, and a block column its rows, in one stretch.
 */
export interface BcrMask {
  /** The grid, clipped to the matrix. */
  readonly grid: FittedGrid;
  /** 1 where a row is kept in a block: `blockColumnCount × rows` flags. */
  readonly keptRows: Uint8Array;
  /** 1 where a column is kept in a block: `blockRowCount × columns` flags. */
  readonly keptColumns: Uint8Array;
}

/** A mask over `grid` that keeps nothing. */
export function emptyMask(grid: FittedGrid): BcrMask {
  return {
    grid,
    keptRows: new Uint8Array(grid.blockColumnCount * grid.rows),
    keptColumns: new Uint8Array(grid.blockRowCount * grid.columns),
  };
}

/** A mask over `grid` that keeps everything. */
export function fullMask(grid: FittedGrid): BcrMask {
  const mask = emptyMask(grid);
  mask.keptRows.fill(1);
  mask.keptColumns.fill(1);
  return mask;
}
