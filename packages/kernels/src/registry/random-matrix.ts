import type { Matrix } from '@grim/bcr';
import type { BcrSpec } from '@grim/ir';

/** Which weights of a random matrix are zero. */
export type RandomPattern =
  /** None, and the matrix counts as not pruned. */
  | 'dense'
  /** Whole columns of 8×16 blocks. */
  | 'columns'
  /** Whole rows and columns of 8×16 blocks. */
  | 'rowsAndColumns'
  /** All of them. */
  | 'empty'
  /** Any, without regard to blocks. */
  | 'scattered'
  /** Whole columns of 8×256 blocks, nine of ten. */
  | 'pruned';

const BLOCK_ROWS = 8;
const BLOCK_COLUMNS = 16;
const PRUNED_BLOCK_COLUMNS = 256;

/**
 * A matrix with a pattern of zeros.
 *
 * @param random - Values between −1 and 1.
 */
export function randomMatrix(
  rows: number,
  columns: number,
  pattern: RandomPattern,
  random: () => number,
): { readonly matrix: Matrix; readonly bcr?: BcrSpec } {
  // Far enough from zero that a weight that is kept is not zero by accident.
  const values = Float32Array.from({ length: rows * columns }, () => {
    const value = random();
    return value < 0 ? value - 0.1 : value + 0.1;
  });
  const matrix = { rows, columns, values };
  if (pattern === 'dense') return { matrix };
  const decisions = new Map<string, boolean>();
  const keeps = (key: string, share: number): boolean => {
    const known = decisions.get(key) ?? random() < 2 * share - 1;
    decisions.set(key, known);
    return known;
  };
  const blockColumns = pattern === 'pruned' ? PRUNED_BLOCK_COLUMNS : BLOCK_COLUMNS;
  const kept = (row: number, column: number): boolean => {
    const block = `${String(Math.floor(row / BLOCK_ROWS))},${String(Math.floor(column / blockColumns))}`;
    switch (pattern) {
      case 'columns':
        return keeps(`${block} column ${String(column)}`, 0.3);
      case 'rowsAndColumns':
        return keeps(`${block} column ${String(column)}`, 0.5) && keeps(`${block} row ${String(row)}`, 0.5);
      case 'scattered':
        return keeps(`${String(row)},${String(column)}`, 0.2);
      case 'pruned':
        return keeps(`${block} column ${String(column)}`, 0.1);
      case 'empty':
        return false;
    }
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      if (!kept(row, column)) values[row * columns + column] = 0;
  }
  return { matrix, bcr: { blockRows: BLOCK_ROWS, blockColumns, rate: 4 } };
}

/** How many weights of a matrix are not zero. */
export function nonZeros({ values }: Matrix): number {
  return values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
}
