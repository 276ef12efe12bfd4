import type { BcrMask } from './bcr-mask.ts';
import type { FittedGrid } from './block-grid.ts';

/** One block of a grid. */
export interface Block {
  readonly blockRow: number;
  readonly blockColumn: number;
  readonly firstRow: number;
  /** Rows of this block; fewer than `blockRows` at the bottom edge. */
  readonly height: number;
  readonly firstColumn: number;
  /** Columns of this block; fewer than `blockColumns` at the right edge. */
  readonly width: number;
}

/** The blocks of one block row, from left to right. */
export function blocksOfRow(grid: FittedGrid, blockRow: number): Block[] {
  return Array.from({ length: grid.blockColumnCount }, (_, blockColumn) =>
    blockAt(grid, blockRow, blockColumn),
  );
}

/** The blocks of each block row, from top to bottom. */
export function blockRowsOf(grid: FittedGrid): Block[][] {
  return Array.from({ length: grid.blockRowCount }, (_, blockRow) => blocksOfRow(grid, blockRow));
}

/** All blocks, row by row, one at a time: there may be as many as cells. */
export function* blocksOf(grid: FittedGrid): Generator<Block> {
  for (let blockRow = 0; blockRow < grid.blockRowCount; blockRow++) {
    for (let blockColumn = 0; blockColumn < grid.blockColumnCount; blockColumn++) {
      yield blockAt(grid, blockRow, blockColumn);
    }
  }
}

function blockAt(grid: FittedGrid, blockRow: number, blockColumn: number): Block {
  const firstRow = blockRow * grid.blockRows;
  const firstColumn = blockColumn * grid.blockColumns;
  return {
    blockRow,
    blockColumn,
    firstRow,
    height: Math.min(grid.blockRows, grid.rows - firstRow),
    firstColumn,
    width: Math.min(grid.blockColumns, grid.columns - firstColumn),
  };
}

/** Rows of the matrix that a mask keeps in a block, ascending. */
export function keptRowsOf(mask: BcrMask, block: Block): number[] {
  return indicesOfOnes(mask.keptRows, block.blockColumn * mask.grid.rows, block.firstRow, block.height);
}

/** Columns of the matrix that a mask keeps in a block, ascending. */
export function keptColumnsOf(mask: BcrMask, block: Block): number[] {
  return indicesOfOnes(mask.keptColumns, block.blockRow * mask.grid.columns, block.firstColumn, block.width);
}

function indicesOfOnes(flags: Uint8Array, base: number, first: number, length: number): number[] {
  const indices: number[] = [];
  for (let index = first; index < first + length; index++) if (flags[base + index] === 1) indices.push(index);
  return indices;
}
