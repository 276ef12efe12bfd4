import type { Block } from '../block.ts';
import type { Matrix } from '../matrix.ts';
import type { Forced } from './block-choice.ts';
import { columnEnergies, rowEnergies } from './block-energy.ts';

/**
 * Removes rows and columns of a block one at a time, always the one with the least energy per cell that is still there,
 * until the counts are reached.
 *
 * Unlike columns-then-rows, a column is not judged by rows that leave as well. Of equal ones the last leaves first.
 *
 * @returns Flags of the rows that are left.
 */
export function peelRows(
  matrix: Matrix,
  block: Block,
  rowCount: number,
  columnCount: number,
  forced?: Forced,
): Uint8Array {
  const rows = { energies: rowEnergies(matrix, block), flags: new Uint8Array(block.height).fill(1) };
  const columns = { energies: columnEnergies(matrix, block), flags: new Uint8Array(block.width).fill(1) };
  let [rowsLeft, columnsLeft] = [block.height, block.width];
  for (;;) {
    const row = rowsLeft > rowCount ? weakest(rows.energies, rows.flags, forced?.rows) : undefined;
    const column =
      columnsLeft > columnCount ? weakest(columns.energies, columns.flags, forced?.columns) : undefined;
    if (row === undefined && column === undefined) return rows.flags;
    const rowLeaves =
      column === undefined ||
      (row !== undefined &&
        (rows.energies[row] ?? 0) * rowsLeft <= (columns.energies[column] ?? 0) * columnsLeft);
    if (rowLeaves && row !== undefined) {
      rows.flags[row] = 0;
      rowsLeft--;
      for (let other = 0; other < block.width; other++) subtract(columns.energies, other, row, other);
    } else if (column !== undefined) {
      columns.flags[column] = 0;
      columnsLeft--;
      for (let other = 0; other < block.height; other++) subtract(rows.energies, other, other, column);
    }
  }

  function subtract(energies: Float64Array, index: number, row: number, column: number): void {
    const at = (block.firstRow + row) * matrix.columns + block.firstColumn + column;
    energies[index] = (energies[index] ?? 0) - (matrix.values[at] ?? 0) ** 2;
  }
}

function weakest(energies: Float64Array, flags: Uint8Array, forced?: Uint8Array): number | undefined {
  let best: number | undefined;
  for (const [index, energy] of energies.entries()) {
    if (flags[index] === 0 || forced?.[index] === 1) continue;
    if (best === undefined || energy <= (energies[best] ?? 0)) best = index;
  }
  return best;
}
