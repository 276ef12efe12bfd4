import type { FittedGrid } from '../block-grid.ts';
import type { Block } from '../block.ts';
import type { Forced } from './block-choice.ts';
import type { ResolvedMagnitudeOptions } from './magnitude-options.ts';

/** Rows and columns of a block that hold the diagonal, when it is to be kept. */
export function diagonalIn(
  block: Block,
  grid: FittedGrid,
  options: ResolvedMagnitudeOptions,
): Forced | undefined {
  if (!options.keepDiagonal) return undefined;
  const rows = new Uint8Array(block.height);
  const columns = new Uint8Array(block.width);
  for (let row = 0; row < block.height; row++) {
    const column = ((block.firstRow + row) % grid.columns) - block.firstColumn;
    if (column < 0 || column >= block.width) continue;
    rows[row] = 1;
    columns[column] = 1;
  }
  return { rows, columns };
}
