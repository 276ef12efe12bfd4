/** A matrix that has no Cholesky factor. */
export class NotPositiveDefiniteError extends RangeError {
  public override readonly name = 'NotPositiveDefiniteError';
}

/**
 * The Cholesky factor `L` of a symmetric positive definite matrix, `L·Lᵀ = A`.
 *
 * @param matrix - `size × size` values, row-major; left as it is.
 * @param size - Rows and columns.
 * @returns The lower triangle, row-major, zeros above.
 * @throws NotPositiveDefiniteError when the matrix is not positive definite.
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] ?? 0;
      for (let inner = 0; inner < column; inner++) {
        sum -= (factor[row * size + inner] ?? 0) * (factor[column * size + inner] ?? 0);
      }
      if (column < row) {
        factor[row * size + column] = sum / (factor[column * size + column] ?? 1);
      } else if (sum > 0) {
        factor[row * size + row] = Math.sqrt(sum);
      } else {
        throw new NotPositiveDefiniteError(
          `a matrix of ${size}x${size} is not positive definite in row ${row}`,
        );
      }
    }
  }
  return factor;
}

/** Solves `L·Lᵀ·x = b`, in place. */
export function solveCholesky(factor: Float64Array, size: number, vector: Float64Array): void {
  for (let row = 0; row < size; row++) {
    let sum = vector[row] ?? 0;
    for (let inner = 0; inner < row; inner++) sum -= (factor[row * size + inner] ?? 0) * (vector[inner] ?? 0);
    vector[row] = sum / (factor[row * size + row] ?? 1);
  }
  for (let row = size - 1; row >= 0; row--) {
    const solved = (vector[row] ?? 0) / (factor[row * size + row] ?? 1);
    vector[row] = solved;
    for (let inner = 0; inner < row; inner++) {
      vector[inner] = (vector[inner] ?? 0) - (factor[row * size + inner] ?? 0) * solved;
    }
  }
}

/** `(L·Lᵀ)⁻¹`, `size × size`. */
export function inverseOf(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = inverse.subarray(column * size, (column + 1) * size);
    unit[column] = 1;
    solveCholesky(factor, size, unit);
  }
  return inverse;
}

/** The diagonal of `(L·Lᵀ)⁻¹`: sums of the squared columns of `L⁻¹`. */
export function inverseDiagonal(factor: Float64Array, size: number): Float64Array {
  const diagonal = new Float64Array(size);
  const column = new Float64Array(size);
  for (let first = 0; first < size; first++) {
    let sum = 0;
    for (let row = first; row < size; row++) {
      let value = row === first ? 1 : 0;
      for (let inner = first; inner < row; inner++) {
        value -= (factor[row * size + inner] ?? 0) * (column[inner] ?? 0);
      }
      value /= factor[row * size + row] ?? 1;
      column[row] = value;
      sum += value * value;
    }
    diagonal[first] = sum;
  }
  return diagonal;
}
