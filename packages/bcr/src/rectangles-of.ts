import type { Bcrc, BlockedBcrc, ChainedBcrc, SharedBcrc } from './bcrc.ts';

/** Kept cells of a matrix: every one of some rows meets every one of some columns. */
export interface Rectangle {
  /** Rows of the matrix. */
  readonly rows: Uint32Array;
  /** Columns of the matrix, ascending. */
  readonly columns: Uint32Array;
  /** Where its weights start; they are stored row by row. */
  readonly firstWeight: number;
}

/**
 * The rectangles that a BCRC matrix consists of: its runs of rows, or its blocks. No cell is in two of them, and those of one
 * row come in ascending columns.
 *
 * @param bcrc - From `encodeBcrc` or `decodeBcrcBytes`.
 */
export function rectanglesOf(bcrc: Bcrc): Iterable<Rectangle> {
  return bcrc.form === 'blocked' ? blocks(bcrc) : runs(bcrc);
}

function* blocks(bcrc: BlockedBcrc): Generator<Rectangle> {
  const { rowStride, compactRow, columnStride, compactColumn } = bcrc;
  let firstWeight = 0;
  for (let block = 0; block + 1 < rowStride.length; block++) {
    const rows = compactRow.subarray(rowStride[block], rowStride[block + 1]);
    const columns = compactColumn.subarray(columnStride[block], columnStride[block + 1]);
    yield { rows, columns, firstWeight };
    firstWeight += rows.length * columns.length;
  }
}

function* runs(bcrc: SharedBcrc | ChainedBcrc): Generator<Rectangle> {
  const { reorder, rowOffset, occurrence } = bcrc;
  for (let run = 0; run + 1 < occurrence.length; run++) {
    const rows = reorder.subarray(occurrence[run], occurrence[run + 1]);
    yield { rows, columns: columnsOfRun(bcrc, run), firstWeight: rowOffset[occurrence[run] ?? 0] ?? 0 };
  }
}

function columnsOfRun(bcrc: SharedBcrc | ChainedBcrc, run: number): Uint32Array {
  const { columnStride, compactColumn } = bcrc;
  const list = (index: number): Uint32Array =>
    compactColumn.subarray(columnStride[index], columnStride[index + 1]);
  if (bcrc.form === 'shared') return list(run);
  const { offset, lists } = bcrc.chain;
  return Uint32Array.from(
    [...lists.subarray(offset[run], offset[run + 1])].flatMap((link) => [...list(link)]),
  );
}
