import type { BlockGrid } from './block-grid.ts';
import { checkMatrix, type Matrix } from './matrix.ts';
import { rowPatterns } from './row-patterns.ts';

/** An order of rows in which rows with one column list are neighbours. */
export interface RowOrder {
  /** A permutation: `reorder[i]` is the row of the matrix at position i. */
  readonly reorder: Uint32Array;
  /** Position where each run of rows with one column list starts, then the number of rows: `runs + 1` values. */
  readonly occurrence: Uint32Array;
}

/**
 * Groups rows that use the same columns over the whole width (paper, matrix reorder).
 *
 * Longer lists come first, so that rows with similar work are neighbours; runs of one length, and the rows inside
 * a run, keep their natural order.
 *
 * @param matrix - Weights, `rows × columns`.
 * @param grid - The blocks the matrix was pruned in; clipped to the matrix.
 * @throws RangeError when the values do not fill the shape or an extent is not positive.
 */
export function reorderRows(matrix: Matrix, grid: BlockGrid): RowOrder {
  checkMatrix(matrix);
  const { patternOfRow, firstRow, size } = rowPatterns(matrix, grid);
  const patterns = firstRow.map((_, pattern) => pattern);
  // Patterns are numbered by first appearance and sorting is stable, so ties keep the natural order.
  patterns.sort((a, b) => (size[b] ?? 0) - (size[a] ?? 0));
  const members = firstRow.map((): number[] => []);
  for (const [row, pattern] of patternOfRow.entries()) members[pattern]?.push(row);
  const runs = patterns.map((pattern) => members[pattern] ?? []);
  const occurrence = new Uint32Array(runs.length + 1);
  for (const [run, rows] of runs.entries()) occurrence[run + 1] = (occurrence[run] ?? 0) + rows.length;
  return { reorder: Uint32Array.from(runs.flat()), occurrence };
}
