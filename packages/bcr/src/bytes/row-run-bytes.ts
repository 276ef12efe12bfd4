import type { BcrcChain, ChainedBcrc, SharedBcrc } from '../bcrc.ts';
import { lengthsOf, offsetsOf } from '../offsets.ts';
import { format, headBytes, writeHead, type BcrcHead } from './bcrc-head.ts';
import {
  alignedIndexBytes,
  indexWidthFor,
  type ByteReader,
  type ByteWriter,
  type IndexWidth,
} from './byte-cursor.ts';

/*
 * The shared and the chained form after the head; an index has the 2 or 4 bytes that the head says:
 *
 *  16  u32 runs · u32 lists · u32 links (of all chains) · u32 entries (of compactColumn)
 *  32  index reorder[rows], when the order is stored
 *      index rows of each run [runs]
 *      index length of each list [lists]
 *      index length of each run's chain [runs], index chain[links], when chained
 *      index compactColumn[entries]
 *      zeros up to a multiple of 4
 *      f32 weights
 *
 * Lengths stand where the arrays in memory hold offsets: they fit the narrow width, and rowOffset follows from them.
 */

const fixedBytes = headBytes + 16;

/** What the bytes before the indices say. */
interface Counts extends BcrcHead {
  readonly form: 'shared' | 'chained';
  readonly width: IndexWidth;
  readonly runs: number;
  readonly lists: number;
  readonly links: number;
  readonly entries: number;
}

/** Length of a matrix in the shared or the chained form. */
export function rowRunByteLength(bcrc: SharedBcrc | ChainedBcrc): number {
  const counts = countsOf(bcrc);
  return fixedBytes + alignedIndexBytes(indexCount(counts), counts.width) + bcrc.weights.byteLength;
}

/** Writes a matrix in the shared or the chained form, head included. */
export function writeRowRuns(writer: ByteWriter, bcrc: SharedBcrc | ChainedBcrc): void {
  const counts = countsOf(bcrc);
  const { width } = counts;
  writeHead(writer, counts);
  for (const field of [counts.runs, counts.lists, counts.links, counts.entries]) writer.word(field);
  if (counts.storedOrder) writer.indices(bcrc.reorder, width);
  writer.indices(lengthsOf(bcrc.occurrence), width);
  writer.indices(lengthsOf(bcrc.columnStride), width);
  if (bcrc.form === 'chained') {
    writer.indices(lengthsOf(bcrc.chain.offset), width);
    writer.indices(bcrc.chain.lists, width);
  }
  writer.indices(bcrc.compactColumn, width);
  writer.align();
  writer.floats(bcrc.weights);
}

/** Reads a matrix in the shared or the chained form from behind the head. */
export function readRowRuns(
  reader: ByteReader,
  head: BcrcHead & { readonly form: 'shared' | 'chained' },
): SharedBcrc | ChainedBcrc {
  const counts = readCounts(reader, head);
  const { form, rows, columns, runs, lists, links, entries, width } = counts;
  if (indexCount(counts) * width > reader.remaining()) {
    throw new RangeError(
      `${format} ends early: it promises ${indexCount(counts)} indices of ${width} bytes, ${reader.remaining()} bytes are left`,
    );
  }
  const reorder = counts.storedOrder
    ? reader.indices(rows, width)
    : Uint32Array.from({ length: rows }, (_, row) => row);
  checkPermutation(reorder);
  const runRows = checkedLengths(reader.indices(runs, width), rows, 'rows of runs');
  // A run without rows would cost a reader its whole list without a weight to show for it.
  if (runRows.includes(0)) throw new RangeError(`${format} has a run without rows`);
  const occurrence = offsetsOf(runRows);
  const columnStride = offsetsOf(checkedLengths(reader.indices(lists, width), entries, 'column lists'));
  let chain: BcrcChain | undefined;
  if (form === 'chained') {
    const offset = offsetsOf(checkedLengths(reader.indices(runs, width), links, 'chains'));
    chain = { offset, lists: reader.indices(links, width) };
  }
  const compactColumn = reader.indices(entries, width);
  reader.align();
  checkLists(columns, columnStride, compactColumn);
  if (chain) checkChain(chain, columnStride, compactColumn);
  const listLengths = lengthsOf(columnStride);
  const runLengths = chain ? chainLengths(chain, listLengths) : listLengths;
  const weightCount = runLengths.reduce((sum, length, run) => sum + length * (runRows[run] ?? 0), 0);
  if (weightCount * 4 !== reader.remaining()) {
    throw new RangeError(
      `${format} needs ${weightCount} weights of 4 bytes after its indices, ${reader.remaining()} bytes are there`,
    );
  }
  const rowLengths = new Uint32Array(rows);
  for (const [run, length] of runLengths.entries()) {
    rowLengths.fill(length, occurrence[run] ?? 0, occurrence[run + 1] ?? 0);
  }
  const rowRuns = {
    rows,
    columns,
    reorder,
    rowOffset: offsetsOf(rowLengths),
    occurrence,
    columnStride,
    compactColumn,
    weights: reader.floats(weightCount),
  };
  return chain ? { form: 'chained', ...rowRuns, chain } : { form: 'shared', ...rowRuns };
}

function countsOf(bcrc: SharedBcrc | ChainedBcrc): Counts {
  const { form, rows, columns, reorder, occurrence, columnStride, compactColumn } = bcrc;
  const lists = columnStride.length - 1;
  return {
    form,
    rows,
    columns,
    width: indexWidthFor(Math.max(rows, columns, lists)),
    storedOrder: reorder.some((row, position) => row !== position),
    runs: occurrence.length - 1,
    lists,
    links: form === 'chained' ? bcrc.chain.lists.length : 0,
    entries: compactColumn.length,
  };
}

function indexCount({ rows, form, storedOrder, runs, lists, links, entries }: Counts): number {
  return (storedOrder ? rows : 0) + runs + lists + (form === 'chained' ? runs + links : 0) + entries;
}

function readCounts(reader: ByteReader, head: BcrcHead & { readonly form: 'shared' | 'chained' }): Counts {
  const { width } = head;
  if (width !== 2 && width !== 4) throw new RangeError(`${format} has indices of ${width} bytes, not 2 or 4`);
  const runs = reader.word();
  const lists = reader.word();
  const links = reader.word();
  const entries = reader.word();
  if (head.form === 'shared' && (links !== 0 || lists !== runs)) {
    throw new RangeError(
      `${format} without chains needs one list per run, got ${lists} for ${runs} and ${links} links`,
    );
  }
  return { ...head, width, runs, lists, links, entries };
}

function checkPermutation(reorder: Uint32Array): void {
  const seen = new Uint8Array(reorder.length);
  for (const row of reorder) {
    if (row >= reorder.length || seen[row] === 1) {
      throw new RangeError(
        `${format} has an order of ${reorder.length} rows that is no permutation (row ${row})`,
      );
    }
    seen[row] = 1;
  }
}

function checkedLengths(lengths: Uint32Array, total: number, what: string): Uint32Array {
  const sum = lengths.reduce((partial, length) => partial + length, 0);
  if (sum !== total) throw new RangeError(`${format} has ${what} that add up to ${sum}, not ${total}`);
  return lengths;
}

function checkLists(columns: number, columnStride: Uint32Array, compactColumn: Uint32Array): void {
  for (let list = 0; list + 1 < columnStride.length; list++) {
    let previous = -1;
    for (const column of compactColumn.subarray(columnStride[list], columnStride[list + 1])) {
      if (column <= previous || column >= columns) {
        throw new RangeError(
          `${format} has column ${column} after ${previous} in a list of ${columns} columns`,
        );
      }
      previous = column;
    }
  }
}

/** Lists of a chain must follow each other in ascending columns: then no cell is stored twice. */
function checkChain(
  { offset, lists }: BcrcChain,
  columnStride: Uint32Array,
  compactColumn: Uint32Array,
): void {
  for (let run = 0; run + 1 < offset.length; run++) {
    let previous = -1;
    for (const list of lists.subarray(offset[run], offset[run + 1])) {
      const start = columnStride[list] ?? 0;
      const end = columnStride[list + 1] ?? 0;
      if (list + 1 >= columnStride.length || start === end || (compactColumn[start] ?? 0) <= previous) {
        throw new RangeError(`${format} chains list ${list}, which does not follow column ${previous}`);
      }
      previous = compactColumn[end - 1] ?? 0;
    }
  }
}

function chainLengths({ offset, lists }: BcrcChain, listLengths: Uint32Array): Uint32Array {
  return lengthsOf(offset).map((_, run) =>
    lists.subarray(offset[run], offset[run + 1]).reduce((sum, list) => sum + (listLengths[list] ?? 0), 0),
  );
}
