/** A dense weight matrix in row-major order. */
export interface Matrix {
  /** Output channels, or gates × hidden. */
  readonly rows: number;
  /** Inputs, or input channels × kernel positions. */
  readonly columns: number;
  /** `rows × columns` values; element (r, c) is at `r × columns + c`. */
  readonly values: Float32Array;
}

/** The most rows or columns a matrix may have: 2^24, so that a hostile header cannot ask for more than 64 MB of indices. */
export const maximumExtent = 2 ** 24;

/** The most elements a matrix may have: 2^30, the 4 GB of one 32-bit WebAssembly memory. */
export const maximumElements = 2 ** 30;

/**
 * Refuses extents that are no positive integers or are beyond what this package handles.
 *
 * @param rows - Rows of the matrix.
 * @param columns - Columns of the matrix.
 * @throws RangeError naming the shape.
 */
export function checkExtents(rows: number, columns: number): void {
  const valid = (extent: number): boolean =>
    Number.isInteger(extent) && extent >= 1 && extent <= maximumExtent;
  if (!valid(rows) || !valid(columns) || rows * columns > maximumElements) {
    throw new RangeError(
      `a matrix of ${rows}x${columns} is not supported: extents are integers from 1 to ${maximumExtent}, at most ${maximumElements} elements`,
    );
  }
}

/**
 * Refuses a matrix whose values do not fill its shape.
 *
 * @param matrix - The matrix to check.
 * @throws RangeError naming the shape and the number of values.
 */
export function checkMatrix(matrix: Matrix): void {
  checkExtents(matrix.rows, matrix.columns);
  if (matrix.values.length !== matrix.rows * matrix.columns) {
    throw new RangeError(
      `a matrix of ${matrix.rows}x${matrix.columns} needs ${matrix.rows * matrix.columns} values, got ${matrix.values.length}`,
    );
  }
}

/**
 * Number of values that are not zero; NaN counts, −0 does not.
 *
 * @param values - Weights of any shape, in any order.
 */
export function countNonZeros(values: Float32Array): number {
  let count = 0;
  for (const value of values) if (value !== 0) count++;
  return count;
}
