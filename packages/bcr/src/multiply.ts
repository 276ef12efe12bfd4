import { columnsOfRun, type Bcrc } from './bcrc.ts';
import { checkMatrix, type Matrix } from './matrix.ts';

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
 * The product of a BCRC matrix, straight from its arrays, with the same order of additions as {@link multiplyMatrix}.
 *
 * @param bcrc - `m × k` weights.
 * @param right - `k × n` values; n is 1 for a vector.
 * @returns `m × n` sums, accumulated in double precision in ascending k.
 * @throws RangeError when the shapes do not fit.
 */
export function multiplyBcrc(bcrc: Bcrc, right: Matrix): Matrix {
  checkProduct(bcrc, right);
  const product = emptyProduct(bcrc, right);
  for (let run = 0; run + 1 < bcrc.occurrence.length; run++) {
    const list = columnsOfRun(bcrc, run);
    for (let stored = bcrc.occurrence[run] ?? 0; stored < (bcrc.occurrence[run + 1] ?? 0); stored++) {
      const firstWeight = bcrc.rowOffset[stored] ?? 0;
      for (let n = 0; n < right.columns; n++) {
        let sum = 0;
        for (const [position, k] of list.entries()) {
          sum += (bcrc.weights[firstWeight + position] ?? 0) * (right.values[k * right.columns + n] ?? 0);
        }
        product.values[(bcrc.reorder[stored] ?? 0) * right.columns + n] = sum;
      }
    }
  }
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
