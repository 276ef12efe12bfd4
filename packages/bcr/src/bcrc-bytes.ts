import type { Bcrc, BcrcChain } from './bcrc.ts';
import { alignedIndexBytes, byteReader, byteWriter, indexWidthFor, type ByteReader } from './byte-cursor.ts';
import type { IndexWidth } from './byte-cursor.ts';
import { checkExtents } from './matrix.ts';
import { lengthsOf, offsetsOf } from './offsets.ts';

/*
 * The byte layout, version 1; numbers are little-endian, indices 2 or 4 bytes (`width`).
 *
 *   0  'BCRC'
 *   4  u8 version = 1 · u8 form (0 shared, 1 chained) · u8 width (2, 4) · u8 order (0 natural, 1 stored)
 *   8  u32 rows · u32 columns · u32 runs · u32 lists · u32 links (of all chains) · u32 entries (of compactColumn)
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

const magic = 0x43524342;
const version = 1;
const headerBytes = 32;
const format = 'BCRC data';

/** What the header says. */
interface Header {
  readonly rows: number;
  readonly columns: number;
  readonly chained: boolean;
  readonly width: IndexWidth;
  readonly storedOrder: boolean;
  readonly runs: number;
  readonly lists: number;
  readonly links: number;
  readonly entries: number;
}

/** A shape that decoded bytes must have. */
export interface ExpectedShape {
  /** Rows of the matrix. */
  readonly rows: number;
  /** Columns of the matrix. */
  readonly columns: number;
}

/** Length of a BCRC matrix in bytes as {@link encodeBcrcBytes} writes it. */
export function bcrcByteLength(bcrc: Bcrc): number {
  const header = headerOf(bcrc);
  return headerBytes + alignedIndexBytes(indexCount(header), header.width) + bcrc.weights.length * 4;
}

/**
 * Writes a BCRC matrix as bytes. Indices take 2 bytes when no row, column or list number is beyond 65,535, else 4.
 *
 * @param bcrc - From {@link encodeBcrc}.
 */
export function encodeBcrcBytes(bcrc: Bcrc): Uint8Array {
  const header = headerOf(bcrc);
  const { width } = header;
  const writer = byteWriter(bcrcByteLength(bcrc));
  writer.word(magic);
  writer.byte(version);
  writer.byte(header.chained ? 1 : 0);
  writer.byte(width);
  writer.byte(header.storedOrder ? 1 : 0);
  for (const field of [
    header.rows,
    header.columns,
    header.runs,
    header.lists,
    header.links,
    header.entries,
  ]) {
    writer.word(field);
  }
  if (header.storedOrder) writer.indices(bcrc.reorder, width);
  writer.indices(lengthsOf(bcrc.occurrence), width);
  writer.indices(lengthsOf(bcrc.columnStride), width);
  if (bcrc.chain) {
    writer.indices(lengthsOf(bcrc.chain.offset), width);
    writer.indices(bcrc.chain.lists, width);
  }
  writer.indices(bcrc.compactColumn, width);
  writer.align();
  writer.floats(bcrc.weights);
  return writer.bytes;
}

/**
 * Reads what {@link encodeBcrcBytes} wrote. Bytes from anywhere are safe to pass: every length is checked against the
 * bytes that are there before memory is taken, and what is returned satisfies all that {@link Bcrc} promises. Only
 * the natural order of rows takes memory that no bytes stand for: 12 bytes a row, and no more than 2^24 rows.
 *
 * @param bytes - The whole matrix and nothing after it.
 * @param expected - Refuses bytes of a matrix of another shape.
 * @throws RangeError when the bytes are no BCRC matrix, are truncated or contradict themselves.
 */
export function decodeBcrcBytes(bytes: Uint8Array, expected?: ExpectedShape): Bcrc {
  const reader = byteReader(bytes, format);
  const header = readHeader(reader, expected);
  const { rows, columns, runs, lists, links, entries, width } = header;
  if (indexCount(header) * width > reader.remaining()) {
    throw new RangeError(
      `${format} ends early: its header promises ${indexCount(header)} indices of ${width} bytes, ${reader.remaining()} bytes are left`,
    );
  }
  const reorder = header.storedOrder
    ? reader.indices(rows, width)
    : Uint32Array.from({ length: rows }, (_, row) => row);
  checkPermutation(reorder);
  const runRows = checkedLengths(reader.indices(runs, width), rows, 'rows of runs');
  // A run without rows would cost a reader its whole list without a weight to show for it.
  if (runRows.includes(0)) throw new RangeError(`${format} has a run without rows`);
  const occurrence = offsetsOf(runRows);
  const columnStride = offsetsOf(checkedLengths(reader.indices(lists, width), entries, 'column lists'));
  let chain: BcrcChain | undefined;
  if (header.chained) {
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
  return {
    rows,
    columns,
    reorder,
    rowOffset: offsetsOf(rowLengths),
    occurrence,
    columnStride,
    compactColumn,
    weights: reader.floats(weightCount),
    ...(chain && { chain }),
  };
}

function headerOf(bcrc: Bcrc): Header {
  const { rows, columns, reorder, occurrence, columnStride, compactColumn, chain } = bcrc;
  const lists = columnStride.length - 1;
  return {
    rows,
    columns,
    chained: chain !== undefined,
    width: indexWidthFor(Math.max(rows, columns, lists)),
    storedOrder: reorder.some((row, position) => row !== position),
    runs: occurrence.length - 1,
    lists,
    links: chain?.lists.length ?? 0,
    entries: compactColumn.length,
  };
}

function indexCount({ rows, chained, storedOrder, runs, lists, links, entries }: Header): number {
  return (storedOrder ? rows : 0) + runs + lists + (chained ? runs + links : 0) + entries;
}

function readHeader(reader: ByteReader, expected: ExpectedShape | undefined): Header {
  if (reader.remaining() < headerBytes) {
    throw new RangeError(
      `${format} ends early: the header has ${headerBytes} bytes, ${reader.remaining()} are there`,
    );
  }
  if (reader.word() !== magic) throw new RangeError(`${format} must start with BCRC`);
  const found = reader.byte();
  if (found !== version)
    throw new RangeError(`${format} of version ${found} is not supported, only ${version}`);
  const chained = readFlag(reader, 'form');
  const width = reader.byte();
  if (width !== 2 && width !== 4) throw new RangeError(`${format} has indices of ${width} bytes, not 2 or 4`);
  const storedOrder = readFlag(reader, 'order');
  const rows = reader.word();
  const columns = reader.word();
  checkExtents(rows, columns);
  if (expected && (rows !== expected.rows || columns !== expected.columns)) {
    throw new RangeError(
      `${format} is of shape ${rows}x${columns}, expected ${expected.rows}x${expected.columns}`,
    );
  }
  const runs = reader.word();
  const lists = reader.word();
  const links = reader.word();
  const entries = reader.word();
  if (!chained && (links !== 0 || lists !== runs)) {
    throw new RangeError(
      `${format} without chains needs one list per run, got ${lists} for ${runs} and ${links} links`,
    );
  }
  return { rows, columns, chained, width, storedOrder, runs, lists, links, entries };
}

function readFlag(reader: ByteReader, name: string): boolean {
  const value = reader.byte();
  if (value > 1) throw new RangeError(`${format} has ${value} for its ${name}, not 0 or 1`);
  return value === 1;
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
