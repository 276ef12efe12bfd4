import type { Block } from '../block.ts';
import type { Matrix } from '../matrix.ts';
import { columnEnergies, markedEnergy, rowEnergies } from './block-energy.ts';
import { strongest } from './strongest.ts';

/** Rows and columns that one block keeps. */
export interface BlockChoice {
  /** One flag per row of the block. */
  readonly rows: Uint8Array;
  /** One flag per column of the block. */
  readonly columns: Uint8Array;
  /** Energy of the kept cells. */
  readonly energy: number;
}

/** Rows and columns of a block that must be kept. */
export interface Forced {
  readonly rows: Uint8Array;
  readonly columns: Uint8Array;
}

/**
 * Chooses rows and columns of one block for given counts.
 *
 * Columns are chosen by their energy, then rows by their energy over these columns, then columns again over these rows,
 * as long as the kept energy grows; the same is done beginning with the rows, and the better result is taken. The result
 * keeps at least the energy of columns-then-rows (the published projection); when all rows or all columns are kept,
 * it is the best there is.
 */
export function chooseInBlock(
  matrix: Matrix,
  block: Block,
  rowCount: number,
  columnCount: number,
  forced?: Forced,
): BlockChoice {
  const columnsFor = (rows?: Uint8Array): Uint8Array =>
    strongest(columnEnergies(matrix, block, rows), columnCount, forced?.columns);
  const rowsFor = (columns: Uint8Array): BlockChoice => {
    const energies = rowEnergies(matrix, block, columns);
    const rows = strongest(energies, rowCount, forced?.rows);
    return { rows, columns, energy: markedEnergy(energies, rows) };
  };
  const improve = (start: BlockChoice): BlockChoice => {
    let best = start;
    for (;;) {
      const next = rowsFor(columnsFor(best.rows));
      if (!(next.energy > best.energy)) return best;
      best = next;
    }
  };
  const columnsFirst = rowsFor(columnsFor());
  if (rowCount >= block.height || columnCount >= block.width) return columnsFirst;
  const strongRows = strongest(rowEnergies(matrix, block), rowCount, forced?.rows);
  const fromColumns = improve(columnsFirst);
  const fromRows = improve(rowsFor(columnsFor(strongRows)));
  return fromRows.energy > fromColumns.energy ? fromRows : fromColumns;
}
