import type { Matrix } from '@grim/bcr';

/** One bit per column: which weights of a row are not zero. */
function patternOf(matrix: Matrix, row: number): Uint32Array {
  const bits = new Uint32Array(Math.ceil(matrix.columns / 32));
  for (let column = 0; column < matrix.columns; column++) {
    if (matrix.values[row * matrix.columns + column] !== 0) {
      const word = column >>> 5;
      bits[word] = (bits[word] ?? 0) | (1 << (column & 31));
    }
  }
  return bits;
}

function countBits(word: number): number {
  let value = word - ((word >>> 1) & 0x55555555);
  value = (value & 0x33333333) + ((value >>> 2) & 0x33333333);
  return Math.imul((value + (value >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function sharedColumns(a: Uint32Array, b: Uint32Array): number {
  return a.reduce((sum, word, index) => sum + countBits(word & (b[index] ?? 0)), 0);
}

/**
 * The order in which rows meet in strips (paper, section IV: matrix reorder).
 *
 * Rows of one block row were pruned together and share columns; among them each strip is grown greedily: from the
 * first row left, by the row that shares most columns with those already chosen. Ties keep the natural order, so a
 * matrix whose rows all agree is not reordered.
 *
 * @param matrix - The pruned matrix.
 * @param stripRows - Rows of a strip.
 * @param blockRows - Rows of a block; strips do not mix rows of different block rows while full strips remain.
 * @returns A permutation: position in strip order → row of the matrix.
 */
export function stripRows(matrix: Matrix, stripRows: number, blockRows: number): number[] {
  const reach = Math.max(stripRows, Math.ceil(blockRows / stripRows) * stripRows);
  const order: number[] = [];
  for (let top = 0; top < matrix.rows; top += reach) {
    const left = Array.from({ length: Math.min(reach, matrix.rows - top) }, (_, row) => top + row);
    const patterns = new Map(left.map((row) => [row, patternOf(matrix, row)]));
    while (left.length > 0) {
      const strip = left.splice(0, 1);
      while (strip.length < stripRows && left.length > 0) {
        const scores = left.map((row) =>
          strip.reduce((sum, member) => {
            const a = patterns.get(row);
            const b = patterns.get(member);
            return a && b ? sum + sharedColumns(a, b) : sum;
          }, 0),
        );
        const best = scores.indexOf(Math.max(...scores));
        strip.push(...left.splice(best, 1));
      }
      order.push(...strip.sort((a, b) => a - b));
    }
  }
  return order;
}
