import type { BlockedBcrc } from '../bcrc.ts';
import { blocksOf, type Block } from '../block.ts';
import { fitGrid, type FittedGrid } from '../block-grid.ts';
import { format, headBytes, writeHead, type BcrcHead } from './bcrc-head.ts';
import { bitReader, bitWriter, type BitReader, type BitWriter } from './bit-cursor.ts';
import type { ByteReader, ByteWriter } from './byte-cursor.ts';

/*
 * The blocked form after the head:
 *
 *  16  u32 rows of a block · u32 columns of a block · u32 bytes of indices
 *  28  bits of each block, lowest bit of a byte first:
 *        1 bit per row: kept?
 *        and where a row is kept, 1 bit: 0 bitmap or 1 list of columns, whichever is shorter, and then
 *          1 bit per column: kept?, or
 *          number of columns − 1 and the columns, counted from the left edge of the block; each in as many bits as
 *          the last column of the block needs
 *      zeros up to a whole byte, and up to a multiple of 4
 *      f32 weights
 */

const fixedBytes = headBytes + 12;

/** Kept rows and columns of a block, counted from its top left corner. */
interface BlockCells {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** Length of a matrix in the blocked form. */
export function blockedByteLength(bcrc: BlockedBcrc): number {
  return alignedTo4(fixedBytes + indexBytesOf(bcrc)) + bcrc.weights.byteLength;
}

/** Writes a matrix in the blocked form, head included. */
export function writeBlocked(writer: ByteWriter, bcrc: BlockedBcrc): void {
  const { form, rows, columns, blockRows, blockColumns, weights } = bcrc;
  writeHead(writer, { form, width: 0, storedOrder: false, rows, columns });
  const indexBytes = indexBytesOf(bcrc);
  for (const field of [blockRows, blockColumns, indexBytes]) writer.word(field);
  const bits = bitWriter(writer.section(indexBytes));
  for (const [block, cells] of cellsOf(bcrc)) writeBlock(bits, block, cells);
  writer.align();
  writer.floats(weights);
}

/** Reads a matrix in the blocked form from behind the head. */
export function readBlocked(reader: ByteReader, head: BcrcHead): BlockedBcrc {
  const { width, storedOrder, rows, columns } = head;
  if (width !== 0 || storedOrder) {
    throw new RangeError(`${format} in blocks has neither indices of ${width} bytes nor an order of rows`);
  }
  const grid = readGrid(reader, rows, columns);
  const indexBytes = reader.word();
  // Each block has a bit per row: with the bits there are, neither blocks nor what is kept in them are beyond bounds.
  if (indexBytes > reader.remaining() || rows * grid.blockColumnCount > indexBytes * 8) {
    throw new RangeError(
      `${format} ends early: ${grid.blockRowCount}x${grid.blockColumnCount} blocks in ${indexBytes} bytes of indices, ${reader.remaining()} bytes are left`,
    );
  }
  const index = reader.section(indexBytes);
  reader.align();
  let keptRows = 0;
  let keptColumns = 0;
  let weightCount = 0;
  for (const [, cells] of readBlocks(index, grid)) {
    keptRows += cells.rows.length;
    keptColumns += cells.columns.length;
    weightCount += cells.rows.length * cells.columns.length;
  }
  if (weightCount * 4 !== reader.remaining()) {
    throw new RangeError(
      `${format} needs ${weightCount} weights of 4 bytes after its indices, ${reader.remaining()} bytes are there`,
    );
  }
  const blocks = grid.blockRowCount * grid.blockColumnCount;
  const rowStride = new Uint32Array(blocks + 1);
  const compactRow = new Uint32Array(keptRows);
  const columnStride = new Uint32Array(blocks + 1);
  const compactColumn = new Uint32Array(keptColumns);
  let next = 0;
  let nextRow = 0;
  let nextColumn = 0;
  for (const [block, cells] of readBlocks(index, grid)) {
    for (const row of cells.rows) compactRow[nextRow++] = block.firstRow + row;
    for (const column of cells.columns) compactColumn[nextColumn++] = block.firstColumn + column;
    next++;
    rowStride[next] = nextRow;
    columnStride[next] = nextColumn;
  }
  const { blockRows, blockColumns } = grid;
  const weights = reader.floats(weightCount);
  return {
    form: 'blocked',
    rows,
    columns,
    blockRows,
    blockColumns,
    rowStride,
    compactRow,
    columnStride,
    compactColumn,
    weights,
  };
}

function readGrid(reader: ByteReader, rows: number, columns: number): FittedGrid {
  const grid = fitGrid(rows, columns, { blockRows: reader.word(), blockColumns: reader.word() });
  if (grid.clipped) throw new RangeError(`${format} has blocks that are larger than ${rows}x${columns}`);
  return grid;
}

function* cellsOf(bcrc: BlockedBcrc): Generator<readonly [Block, BlockCells]> {
  const { rowStride, compactRow, columnStride, compactColumn } = bcrc;
  let index = 0;
  for (const block of blocksOf(fitGrid(bcrc.rows, bcrc.columns, bcrc))) {
    const rows = compactRow.subarray(rowStride[index], rowStride[index + 1]);
    const columns = compactColumn.subarray(columnStride[index], columnStride[index + 1]);
    yield [
      block,
      {
        rows: Array.from(rows, (row) => row - block.firstRow),
        columns: Array.from(columns, (column) => column - block.firstColumn),
      },
    ];
    index++;
  }
}

function indexBytesOf(bcrc: BlockedBcrc): number {
  let bits = 0;
  for (const [block, { columns }] of cellsOf(bcrc)) {
    bits += block.height;
    if (columns.length > 0) bits += 1 + Math.min(block.width, listBits(block, columns.length));
  }
  return Math.ceil(bits / 8);
}

/** Bits of a column's number in a block, and of a number of columns less one. */
function columnBits({ width }: Block): number {
  return 32 - Math.clz32(width - 1);
}

function listBits(block: Block, columns: number): number {
  return columnBits(block) * (1 + columns);
}

function writeBlock(bits: BitWriter, block: Block, { rows, columns }: BlockCells): void {
  writeBitmap(bits, block.height, rows);
  if (rows.length === 0) return;
  if (listBits(block, columns.length) < block.width) {
    bits.number(1, 1);
    for (const value of [columns.length - 1, ...columns]) bits.number(value, columnBits(block));
  } else {
    bits.number(0, 1);
    writeBitmap(bits, block.width, columns);
  }
}

function writeBitmap(bits: BitWriter, length: number, ones: readonly number[]): void {
  const flags = new Uint8Array(length);
  for (const one of ones) flags[one] = 1;
  for (const flag of flags) bits.number(flag, 1);
}

function* readBlocks(index: Uint8Array, grid: FittedGrid): Generator<readonly [Block, BlockCells]> {
  const bits = bitReader(index, format);
  for (const block of blocksOf(grid)) {
    const rows = readBitmap(bits, block.height);
    const columns = rows.length > 0 ? readColumns(bits, block) : [];
    yield [block, { rows, columns }];
  }
  bits.finish();
}

function readColumns(bits: BitReader, block: Block): number[] {
  if (bits.number(1) === 1) {
    const count = bits.number(columnBits(block)) + 1;
    const columns: number[] = [];
    for (let position = 0; position < count; position++) {
      const column = bits.number(columnBits(block));
      const previous = columns.at(-1) ?? -1;
      if (column <= previous || column >= block.width) {
        throw new RangeError(
          `${format} has column ${column} after ${previous} in a block of ${block.width} columns`,
        );
      }
      columns.push(column);
    }
    return columns;
  }
  const columns = readBitmap(bits, block.width);
  if (columns.length === 0) throw new RangeError(`${format} has a block that keeps rows and no columns`);
  return columns;
}

function readBitmap(bits: BitReader, length: number): number[] {
  const ones: number[] = [];
  for (let position = 0; position < length; position++) if (bits.number(1) === 1) ones.push(position);
  return ones;
}

function alignedTo4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
