import type { BcrMask } from './bcr-mask.ts';
import type { Bcrc, BlockedBcrc, ChainedBcrc, SharedBcrc } from './bcrc.ts';
import { blocksOf, keptColumnsOf, keptRowsOf } from './block.ts';
import type { BlockGrid } from './block-grid.ts';
import { bcrcByteLength } from './bytes/bcrc-bytes.ts';
import { maskOf } from './mask-of.ts';
import type { Matrix } from './matrix.ts';
import { offsetsOf } from './offsets.ts';
import { reorderRows, type RowOrder } from './reorder-rows.ts';

/**
 * Stores a matrix in BCRC, in the form that takes the fewest bytes; `form` says which.
 *
 * Exact: every cell that the tightest mask of the grid keeps is stored as it is, zeros and −0 among them; every other
 * cell is a zero and comes back as +0.
 *
 * @param matrix - Weights, `rows × columns`, zero where they were pruned.
 * @param grid - The blocks the matrix was pruned in; clipped to the matrix.
 * @throws RangeError when the values do not fill the shape or an extent is not positive.
 */
export function encodeBcrc(matrix: Matrix, grid: BlockGrid): Bcrc {
  const mask = maskOf(matrix, grid);
  const order = reorderRows(matrix, grid);
  const shared = sharedForm(matrix, order, columnsOfRuns(mask, order));
  const others: readonly Bcrc[] = [chainedForm(shared, mask, order), blockedForm(matrix, mask)];
  return others.reduce(
    (smallest: Bcrc, other) => (bcrcByteLength(other) < bcrcByteLength(smallest) ? other : smallest),
    shared,
  );
}

function sharedForm(matrix: Matrix, order: RowOrder, runColumns: readonly Uint32Array[]): SharedBcrc {
  const { rows, columns, values } = matrix;
  const rowLengths: number[] = [];
  for (const [run, list] of runColumns.entries()) {
    const end = order.occurrence[run + 1] ?? 0;
    while (rowLengths.length < end) rowLengths.push(list.length);
  }
  const rowOffset = offsetsOf(rowLengths);
  const weights = new Float32Array(rowOffset[rows] ?? 0);
  let next = 0;
  for (const [run, list] of runColumns.entries()) {
    for (const row of order.reorder.subarray(order.occurrence[run], order.occurrence[run + 1])) {
      for (const column of list) weights[next++] = values[row * columns + column] ?? 0;
    }
  }
  return {
    form: 'shared',
    rows,
    columns,
    ...order,
    rowOffset,
    columnStride: offsetsOf(runColumns.map(({ length }) => length)),
    compactColumn: concatenate(runColumns),
    weights,
  };
}

/** Every block for itself; the tightest mask keeps both rows and columns of a block or neither. */
function blockedForm({ columns, values }: Matrix, mask: BcrMask): BlockedBcrc {
  const { rows, blockRows, blockColumns } = mask.grid;
  const keptRows: number[][] = [];
  const keptColumns: number[][] = [];
  const weights: number[] = [];
  for (const block of blocksOf(mask.grid)) {
    const rowsOfBlock = keptRowsOf(mask, block);
    const columnsOfBlock = keptColumnsOf(mask, block);
    keptRows.push(rowsOfBlock);
    keptColumns.push(columnsOfBlock);
    for (const row of rowsOfBlock) {
      for (const column of columnsOfBlock) weights.push(values[row * columns + column] ?? 0);
    }
  }
  return {
    form: 'blocked',
    rows,
    columns,
    blockRows,
    blockColumns,
    rowStride: offsetsOf(keptRows.map(({ length }) => length)),
    compactRow: concatenate(keptRows),
    columnStride: offsetsOf(keptColumns.map(({ length }) => length)),
    compactColumn: concatenate(keptColumns),
    weights: Float32Array.from(weights),
  };
}

/** Whole-width column list of each run, read off the mask at the run's first row. */
function columnsOfRuns(mask: BcrMask, order: RowOrder): Uint32Array[] {
  const { rows, columns, blockRows, blockColumns } = mask.grid;
  return firstRows(order).map((row) => {
    const columnFlags = Math.floor(row / blockRows) * columns;
    const list: number[] = [];
    for (let column = 0; column < columns; column++) {
      if (mask.keptColumns[columnFlags + column] === 0) continue;
      if (mask.keptRows[Math.floor(column / blockColumns) * rows + row] === 1) list.push(column);
    }
    return Uint32Array.from(list);
  });
}

/** One list per block, equal ones stored once, and for each run the blocks that keep its rows. */
function chainedForm(shared: SharedBcrc, mask: BcrMask, order: RowOrder): ChainedBcrc {
  const { grid, keptRows } = mask;
  const lists: number[][] = [];
  const numberOfList = new Map<string, number>();
  const listOfBlock = Array.from(blocksOf(grid), (block) => {
    const columns = keptColumnsOf(mask, block);
    const key = columns.join();
    const number = numberOfList.get(key) ?? lists.length;
    if (number === lists.length && columns.length > 0) {
      numberOfList.set(key, number);
      lists.push(columns);
    }
    return number;
  });
  const chains = firstRows(order).map((row) => {
    const firstBlock = Math.floor(row / grid.blockRows) * grid.blockColumnCount;
    const chain: number[] = [];
    for (let blockColumn = 0; blockColumn < grid.blockColumnCount; blockColumn++) {
      if (keptRows[blockColumn * grid.rows + row] === 1)
        chain.push(listOfBlock[firstBlock + blockColumn] ?? 0);
    }
    return chain;
  });
  return {
    ...shared,
    form: 'chained',
    columnStride: offsetsOf(lists.map(({ length }) => length)),
    compactColumn: concatenate(lists),
    chain: { offset: offsetsOf(chains.map(({ length }) => length)), lists: concatenate(chains) },
  };
}

function firstRows(order: RowOrder): number[] {
  return [...order.occurrence.subarray(0, -1)].map((position) => order.reorder[position] ?? 0);
}

function concatenate(lists: readonly ArrayLike<number>[]): Uint32Array {
  const joined = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const list of lists) {
    joined.set(list, offset);
    offset += list.length;
  }
  return joined;
}
