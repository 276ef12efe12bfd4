import { alignedIndexBytes, byteReader, byteWriter, indexWidthFor } from './bytes/byte-cursor.ts';
import { checkExtents, checkMatrix, type Matrix } from './matrix.ts';
import { lengthsOf, offsetsOf } from './offsets.ts';

/** Compressed sparse rows, the usual format without structure, which BCRC is compared with. */
export interface Csr {
  /** Rows of the matrix. */
  readonly rows: number;
  /** Columns of the matrix. */
  readonly columns: number;
  /** Where each row's entries start, then their number: `rows + 1` values. */
  readonly rowOffset: Uint32Array;
  /** Column of each entry, ascending within a row. */
  readonly column: Uint32Array;
  /** Value of each entry. */
  readonly values: Float32Array;
}

/*
 * The byte layout is that of BCRC with what CSR does not need left out, so that sizes compare fairly: 'GCSR', u8
 * version = 1, u8 width (2, 4), u16 zero, u32 rows, u32 columns, u32 entries, then as indices the length of each row
 * and the columns, zeros up to a multiple of 4, and the f32 values.
 */
const magic = 0x52534347;
const version = 1;
const headerBytes = 20;
const format = 'CSR data';

/**
 * Stores the non-zeros of a matrix. Zeros, −0 too, come back as +0; everything else is exact.
 *
 * @param matrix - Weights, `rows × columns`.
 * @throws RangeError when the values do not fill the shape.
 */
export function encodeCsr(matrix: Matrix): Csr {
  checkMatrix(matrix);
  const { rows, columns, values } = matrix;
  const entries: number[] = [];
  const rowLengths = new Uint32Array(rows);
  for (const [index, value] of values.entries()) {
    if (value === 0) continue;
    entries.push(index);
    const row = Math.floor(index / columns);
    rowLengths[row] = (rowLengths[row] ?? 0) + 1;
  }
  return {
    rows,
    columns,
    rowOffset: offsetsOf(rowLengths),
    column: Uint32Array.from(entries, (index) => index % columns),
    values: Float32Array.from(entries, (index) => values[index] ?? 0),
  };
}

/**
 * The dense matrix that a CSR one stands for.
 *
 * @param csr - From {@link encodeCsr} or {@link decodeCsrBytes}.
 * @throws RangeError when the dense matrix would be beyond what this package handles.
 */
export function decodeCsr(csr: Csr): Matrix {
  const { rows, columns, rowOffset, column } = csr;
  checkExtents(rows, columns);
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let entry = rowOffset[row] ?? 0; entry < (rowOffset[row + 1] ?? 0); entry++) {
      values[row * columns + (column[entry] ?? 0)] = csr.values[entry] ?? 0;
    }
  }
  return { rows, columns, values };
}

/** Length of a CSR matrix in bytes as {@link encodeCsrBytes} writes it. */
export function csrByteLength({ rows, columns, values }: Csr): number {
  return (
    headerBytes +
    alignedIndexBytes(rows + values.length, indexWidthFor(Math.max(rows, columns))) +
    values.byteLength
  );
}

/**
 * Writes a CSR matrix as bytes, with indices as wide as BCRC would use: 2 bytes up to 65,535 rows and columns, else 4.
 *
 * @param csr - From {@link encodeCsr}.
 */
export function encodeCsrBytes(csr: Csr): Uint8Array {
  const width = indexWidthFor(Math.max(csr.rows, csr.columns));
  const writer = byteWriter(csrByteLength(csr));
  writer.word(magic);
  for (const byte of [version, width, 0, 0]) writer.byte(byte);
  for (const field of [csr.rows, csr.columns, csr.values.length]) writer.word(field);
  writer.indices(lengthsOf(csr.rowOffset), width);
  writer.indices(csr.column, width);
  writer.align();
  writer.floats(csr.values);
  return writer.bytes;
}

/**
 * Reads what {@link encodeCsrBytes} wrote. Bytes from anywhere are safe to pass.
 *
 * @param bytes - The whole matrix and nothing after it.
 * @throws RangeError when the bytes are no CSR matrix, are truncated or contradict themselves.
 */
export function decodeCsrBytes(bytes: Uint8Array): Csr {
  const reader = byteReader(bytes, format);
  if (reader.word() !== magic) throw new RangeError(`${format} must start with GCSR`);
  const found = reader.byte();
  if (found !== version)
    throw new RangeError(`${format} of version ${found} is not supported, only ${version}`);
  const width = reader.byte();
  if (width !== 2 && width !== 4) throw new RangeError(`${format} has indices of ${width} bytes, not 2 or 4`);
  if (reader.byte() + reader.byte() !== 0) throw new RangeError(`${format} has data in its reserved bytes`);
  const rows = reader.word();
  const columns = reader.word();
  checkExtents(rows, columns);
  const entries = reader.word();
  const needed = alignedIndexBytes(rows + entries, width) + entries * 4;
  if (needed !== reader.remaining()) {
    throw new RangeError(
      `${format} of ${rows} rows and ${entries} entries needs ${needed} bytes, got ${reader.remaining()}`,
    );
  }
  const rowLengths = reader.indices(rows, width);
  const sum = rowLengths.reduce((partial, length) => partial + length, 0);
  if (sum !== entries)
    throw new RangeError(`${format} has rows that add up to ${sum} entries, not ${entries}`);
  const csr = { rows, columns, rowOffset: offsetsOf(rowLengths), column: reader.indices(entries, width) };
  checkColumns(csr);
  reader.align();
  return { ...csr, values: reader.floats(entries) };
}

function checkColumns({ rows, columns, rowOffset, column }: Omit<Csr, 'values'>): void {
  for (let row = 0; row < rows; row++) {
    let previous = -1;
    for (const next of column.subarray(rowOffset[row], rowOffset[row + 1])) {
      if (next <= previous || next >= columns) {
        throw new RangeError(
          `${format} has column ${next} after ${previous} in row ${row} of ${columns} columns`,
        );
      }
      previous = next;
    }
  }
}
