import type { Block } from '../block.ts';
import type { Matrix } from '../matrix.ts';
import { columnEnergies, markedEnergy, rowEnergies } from './block-energy.ts';
import { peelRows } from './peel.ts';
import { strongest } from './strongest.ts';
import { subsetsWithin } from './subsets.ts';

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

/** The most subsets of rows (or of columns) that are all tried: those of any block with 7 rows or columns. */
const subsetsTried = 35;

/**
 * Chooses rows and columns of one block for given counts.
 *
 * Where few subsets of rows, or of columns, are possible, all of them are tried, each with its strongest columns, or rows:
 * the result is the best there is, as it is when all rows or all columns are kept. Elsewhere three starts (strongest columns,
 * strongest rows, and what is left after peeling off the weakest rows and columns) are improved in turns, columns over the kept
 * rows and rows over the kept columns, as long as the kept energy grows. The best result is taken: at least the energy of
 * columns-then-rows (the published projection).
 */
export function chooseInBlock(
  matrix: Matrix,
  block: Block,
  rowCount: number,
  columnCount: number,
  forced?: Forced,
): BlockChoice {
  const columnsFor = (rows?: Uint8Array): BlockChoice => {
    const energies = columnEnergies(matrix, block, rows);
    const columns = strongest(energies, columnCount, forced?.columns);
    const all = rows ?? new Uint8Array(block.height).fill(1);
    return { rows: all, columns, energy: markedEnergy(energies, columns) };
  };
  const rowsFor = (columns: Uint8Array): BlockChoice => {
    const energies = rowEnergies(matrix, block, columns);
    const rows = strongest(energies, rowCount, forced?.rows);
    return { rows, columns, energy: markedEnergy(energies, rows) };
  };
  const columnsFirst = rowsFor(columnsFor().columns);
  if (rowCount >= block.height || columnCount >= block.width) return columnsFirst;
  const rowSubsets = subsetsWithin(block.height, rowCount, subsetsTried, forced?.rows);
  if (rowSubsets) return best(rowSubsets.map(columnsFor), columnsFirst);
  const columnSubsets = subsetsWithin(block.width, columnCount, subsetsTried, forced?.columns);
  if (columnSubsets) return best(columnSubsets.map(rowsFor), columnsFirst);

  const improve = (start: BlockChoice): BlockChoice => {
    let choice = start;
    for (;;) {
      const next = rowsFor(columnsFor(choice.rows).columns);
      if (!(next.energy > choice.energy)) return choice;
      choice = next;
    }
  };
  const fromRows = (rows: Uint8Array): BlockChoice => improve(rowsFor(columnsFor(rows).columns));
  const strongRows = strongest(rowEnergies(matrix, block), rowCount, forced?.rows);
  const peeledRows = peelRows(matrix, block, rowCount, columnCount, forced);
  return best([fromRows(strongRows), fromRows(peeledRows)], improve(columnsFirst));
}

/** The first choice with the most energy. */
function best(choices: readonly BlockChoice[], first: BlockChoice): BlockChoice {
  return choices.reduce((kept, choice) => (choice.energy > kept.energy ? choice : kept), first);
}
