import { checkExtents } from './matrix.ts';

/** How a matrix is cut into equal blocks (paper, section III); the last blocks of each direction may be smaller. */
export interface BlockGrid {
  /** Rows of one block. */
  readonly blockRows: number;
  /** Columns of one block. */
  readonly blockColumns: number;
}

/** A grid laid over one matrix. */
export interface FittedGrid extends BlockGrid {
  /** Rows of the matrix. */
  readonly rows: number;
  /** Columns of the matrix. */
  readonly columns: number;
  /** Blocks from top to bottom. */
  readonly blockRowCount: number;
  /** Blocks from left to right. */
  readonly blockColumnCount: number;
  /** Whether the blocks asked for were larger than the matrix and were cut down to it. */
  readonly clipped: boolean;
}

/**
 * Lays a grid over a matrix; blocks larger than the matrix are clipped to it.
 *
 * @param rows - Rows of the matrix.
 * @param columns - Columns of the matrix.
 * @param grid - Block extents, positive integers.
 * @throws RangeError when an extent is no positive integer.
 */
export function fitGrid(rows: number, columns: number, grid: BlockGrid): FittedGrid {
  checkExtents(rows, columns);
  for (const extent of [grid.blockRows, grid.blockColumns]) {
    if (!Number.isInteger(extent) || extent < 1) {
      throw new RangeError(
        `blocks of ${grid.blockRows}x${grid.blockColumns} are not possible: both extents must be positive integers`,
      );
    }
  }
  const blockRows = Math.min(grid.blockRows, rows);
  const blockColumns = Math.min(grid.blockColumns, columns);
  return {
    rows,
    columns,
    blockRows,
    blockColumns,
    blockRowCount: Math.ceil(rows / blockRows),
    blockColumnCount: Math.ceil(columns / blockColumns),
    clipped: blockRows < grid.blockRows || blockColumns < grid.blockColumns,
  };
}
