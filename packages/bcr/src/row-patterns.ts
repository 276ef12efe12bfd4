import type { BlockGrid } from './block-grid.ts';
import { maskOf } from './mask-of.ts';
import type { Matrix } from './matrix.ts';

/** For every row of a matrix the columns it uses, as a set of bits, and which rows use the same ones. */
export interface RowPatterns {
  /** 32-bit words per row. */
  readonly words: number;
  /** `rows × words` words; column c is bit `c mod 32` of word `c div 32`. */
  readonly bits: Uint32Array;
  /** Number of the pattern of each row; numbers count from 0 in the order in which patterns first appear. */
  readonly patternOfRow: Uint32Array;
  /** First row of each pattern. */
  readonly firstRow: readonly number[];
  /** Columns in each pattern. */
  readonly size: readonly number[];
}

/** Number of bits set in a 32-bit word. */
export function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Columns whose bits are set, ascending. */
export function columnsOfBits(bits: Uint32Array): Uint32Array {
  const columns: number[] = [];
  for (const [word, value] of bits.entries()) {
    let rest = value;
    while (rest !== 0) {
      columns.push(word * 32 + 31 - Math.clz32(rest & -rest));
      rest &= rest - 1;
    }
  }
  return Uint32Array.from(columns);
}

/**
 * Finds the columns that each row uses. With a grid these are the kept columns of all blocks in which the row is
 * kept, so a weight that happens to be zero inside a kept block does not set its row apart; without one they are
 * the row's non-zeros.
 */
export function rowPatterns(matrix: Matrix, grid?: BlockGrid): RowPatterns {
  const { rows, columns } = matrix;
  const words = Math.ceil(columns / 32);
  const bits = grid ? maskBits(matrix, grid, words) : nonZeroBits(matrix, words);
  const patternOfRow = new Uint32Array(rows);
  const firstRow: number[] = [];
  const size: number[] = [];
  const byHash = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    let hash = 0x811c9dc5;
    let count = 0;
    for (let word = row * words; word < (row + 1) * words; word++) {
      const value = bits[word] ?? 0;
      hash = Math.imul(hash ^ value, 0x01000193) ^ (hash >>> 15);
      count += bitCount(value);
    }
    const candidates = byHash.get(hash) ?? [];
    let pattern = candidates.find((candidate) => equalRows(bits, words, firstRow[candidate] ?? 0, row));
    if (pattern === undefined) {
      pattern = firstRow.length;
      firstRow.push(row);
      size.push(count);
      candidates.push(pattern);
      byHash.set(hash, candidates);
    }
    patternOfRow[row] = pattern;
  }
  return { words, bits, patternOfRow, firstRow, size };
}

function equalRows(bits: Uint32Array, words: number, a: number, b: number): boolean {
  for (let word = 0; word < words; word++) {
    if (bits[a * words + word] !== bits[b * words + word]) return false;
  }
  return true;
}

function nonZeroBits({ rows, columns, values }: Matrix, words: number): Uint32Array {
  const bits = new Uint32Array(rows * words);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (values[row * columns + column] !== 0) setBit(bits, row * words, column);
    }
  }
  return bits;
}

function maskBits(matrix: Matrix, grid: BlockGrid, words: number): Uint32Array {
  const { rows, columns } = matrix;
  const mask = maskOf(matrix, grid);
  const { blockRows, blockColumns } = mask.grid;
  const bits = new Uint32Array(rows * words);
  for (let row = 0; row < rows; row++) {
    const columnFlags = Math.floor(row / blockRows) * columns;
    for (let column = 0; column < columns; column++) {
      if (mask.keptColumns[columnFlags + column] === 0) continue;
      if (mask.keptRows[Math.floor(column / blockColumns) * rows + row] === 0) continue;
      setBit(bits, row * words, column);
    }
  }
  return bits;
}

function setBit(bits: Uint32Array, firstWord: number, column: number): void {
  const word = firstWord + (column >>> 5);
  bits[word] = (bits[word] ?? 0) | (1 << (column & 31));
}
