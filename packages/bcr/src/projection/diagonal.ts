import type { FittedGrid } from '../block-grid.ts';
import type { Block } from '../block.ts';
import { toQuantum } from './apportion.ts';
import type { Forced } from './block-choice.ts';
import type { ResolvedMagnitudeOptions } from './magnitude-options.ts';

/** Rows and columns of a block that hold the diagonal, when it is to be kept. */
export function diagonalIn(
  block: Block,
  grid: FittedGrid,
  options: Pick<ResolvedMagnitudeOptions, 'keepDiagonal'>,
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

/** Rows and columns that a block has to keep for the diagonal; none where it does not hold any of it. */
export function diagonalCounts(
  block: Block,
  grid: FittedGrid,
  options: ResolvedMagnitudeOptions,
): { readonly rows: number; readonly columns: number } | undefined {
  const forced = diagonalIn(block, grid, options);
  if (!forced?.rows.includes(1)) return undefined;
  const { rowRate, columnRate, rowQuantum, columnQuantum } = options;
  return {
    rows: rowRate === 1 ? block.height : wholeQuanta(forced.rows, rowQuantum),
    columns: columnRate === 1 ? block.width : wholeQuanta(forced.columns, columnQuantum),
  };
}

function wholeQuanta(flags: Uint8Array, quantum: number): number {
  const count = flags.reduce((sum, flag) => sum + flag, 0);
  return toQuantum(Math.ceil(count / quantum) * quantum, flags.length, quantum);
}
