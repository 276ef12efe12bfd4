import type { Bcrc } from './bcrc.ts';
import { checkMatrix, type Matrix } from './matrix.ts';
import { rectanglesOf } from './rectangles-of.ts';

/**
 * The matrix product, slow and obvious: the truth that everything else is checked against.
 *
 * @param left - `m × k` weights.
 * @param right - `k × n` values; n is 1 for a vector.
 * @returns `m × n` sums, accumulated in double precision in ascending k.
 * @throws RangeError when the shapes do not fit.
 */
export function multiplyMatrix(left: Matrix, right: Matrix): Matrix {
  checkMatrix(left);
  checkProduct(left, right);
  const product = emptyProduct(left, right);
  for (let row = 0; row < left.rows; row++) {
    for (let n = 0; n < right.columns; n++) {
      let sum = 0;
      for (let k = 0; k < left.columns; k++) {
        sum += (left.values[row * left.columns + k] ?? 0) * (right.values[k * right.columns + n] ?? 0);
      }
      product.values[row * right.columns + n] = sum;
    }
  }
  return product;
}

/**
 * The product of a BCRC matrix, straight from its rectangles, with the same order of additions as {@link multiplyMatrix}.
 *
 * @param bcrc - `m × k` weights.
 * @param right - `k × n` values; n is 1 for a vector.
 * @returns `m × n` sums, accumulated in double precision in ascending k.
 * @throws RangeError when the shapes do not fit.
 */
export function multiplyBcrc(bcrc: Bcrc, right: Matrix): Matrix {
  checkProduct(bcrc, right);
  const product = emptyProduct(bcrc, right);
  const { columns: width } = right;
  // A row may be in many rectangles: its sums stay in double precision until all of them are added.
  const sums = new Float64Array(product.values.length);
  for (const { rows, columns, firstWeight } of rectanglesOf(bcrc)) {
    let next = firstWeight;
    for (const row of rows) {
      for (const k of columns) {
        const weight = bcrc.weights[next++] ?? 0;
        for (let n = 0; n < width; n++) {
          const at = row * width + n;
          sums[at] = (sums[at] ?? 0) + weight * (right.values[k * width + n] ?? 0);
        }
      }
    }
  }
  product.values.set(sums);
  return product;
}

function checkProduct(left: { readonly rows: number; readonly columns: number }, right: Matrix): void {
  checkMatrix(right);
  if (left.columns !== right.rows) {
    throw new RangeError(
      `a matrix of ${left.rows}x${left.columns} cannot be multiplied by one of ${right.rows}x${right.columns}`,
    );
  }
}

function emptyProduct(left: { readonly rows: number }, right: Matrix): Matrix {
  return {
    rows: left.rows,
    columns: right.columns,
    values: new Float32Array(left.rows * right.columns),
  };
}
