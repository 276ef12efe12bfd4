import type { BcrMask, Matrix } from '@grim/bcr';
import { cholesky, solveCholesky } from './cholesky.ts';
import type { Moments } from './moments.ts';

/** Bands of rows of a matrix, each with the moments of the vectors that it multiplies. */
export interface Objective {
  readonly matrix: Matrix;
  /** From the first row to the last, with damping on their diagonals. */
  readonly bands: readonly Moments[];
}

/** One row of an objective, and the moments that count for it. */
interface ObjectiveRow {
  readonly row: number;
  readonly moments: Moments;
}

/** Rows of a matrix with their moments, in order. */
export function rowsOfObjective({ bands }: Objective): ObjectiveRow[] {
  let first = 0;
  return bands.flatMap((moments) => {
    const start = first;
    first += moments.rows;
    return Array.from({ length: moments.rows }, (_, row) => ({ row: start + row, moments }));
  });
}

/** Columns that a mask keeps in a row, ascending. */
export function supportOf({ grid, keptRows, keptColumns }: BcrMask, row: number): number[] {
  const blockRow = Math.floor(row / grid.blockRows);
  const support: number[] = [];
  for (let column = 0; column < grid.columns; column++) {
    if (keptColumns[blockRow * grid.columns + column] === 0) continue;
    const block = Math.floor(column / grid.blockColumns);
    if (keptRows[block * grid.rows + row] === 1) support.push(column);
  }
  return support;
}

/** The Cholesky factor of moments over some columns. */
export function factorOver({ gram, columns }: Moments, support: readonly number[]): Float64Array {
  const size = support.length;
  const part = new Float64Array(size * size);
  for (const [i, row] of support.entries()) {
    for (const [j, column] of support.entries()) part[i * size + j] = gram[row * columns + column] ?? 0;
  }
  return cholesky(part, size);
}

/**
 * The weights on a mask whose products with the calibration vectors differ least from those of the matrix in the dense network, in
 * the sense of least squares: per row `ŵ_S = H_SS⁻¹ · X_S · w` for the columns `S` that it keeps, with `H` the moments of the vectors
 * and `X` those across to the dense network's. Rows that keep the same columns share a factor.
 *
 * @returns `rows × columns` values, zero where the mask keeps nothing.
 */
export function leastSquares(objective: Objective, mask: BcrMask): Float32Array {
  const { columns, values } = objective.matrix;
  const solved = new Float32Array(values.length);
  const factors = new Map<Moments, { readonly key: string; readonly factor: Float64Array }>();
  // Rows of one block row that keep the same columns come one after the other, so that one factor at a time is enough.
  const rows = rowsOfObjective(objective).map((each) => {
    const support = supportOf(mask, each.row);
    return { ...each, support, key: support.join() };
  });
  rows.sort(
    (a, b) =>
      Math.floor(a.row / mask.grid.blockRows) - Math.floor(b.row / mask.grid.blockRows) ||
      (a.key < b.key ? -1 : a.key > b.key ? 1 : a.row - b.row),
  );
  for (const { row, moments, support, key } of rows) {
    const cached = factors.get(moments);
    const factor = cached?.key === key ? cached.factor : factorOver(moments, support);
    factors.set(moments, { key, factor });
    const right = new Float64Array(support.length);
    for (const [index, kept] of support.entries()) {
      let sum = 0;
      for (let column = 0; column < columns; column++) {
        sum += (moments.cross[kept * columns + column] ?? 0) * (values[row * columns + column] ?? 0);
      }
      right[index] = sum;
    }
    solveCholesky(factor, support.length, right);
    for (const [index, column] of support.entries()) solved[row * columns + column] = right[index] ?? 0;
  }
  return solved;
}

/**
 * `Σ E|wᵀx' − ŵᵀx|²` over the rows, `x'` and `x` being vectors of the dense and of the pruned network: the energy of the error of the
 * products per vector. Without `ŵ` that of the products.
 */
export function productEnergy(objective: Objective, changed?: Float32Array): number {
  const { columns, values } = objective.matrix;
  let energy = 0;
  for (const { row, moments } of rowsOfObjective(objective)) {
    const { gram, cross, dense } = moments;
    const own = values.subarray(row * columns, (row + 1) * columns);
    const other = changed?.subarray(row * columns, (row + 1) * columns);
    if (!other) {
      energy += bilinear(own, dense, own);
    } else if (gram === dense) {
      const difference = own.map((value, column) => value - (other[column] ?? 0));
      energy += bilinear(difference, gram, difference);
    } else {
      energy += bilinear(own, dense, own) - 2 * bilinear(other, cross, own) + bilinear(other, gram, other);
    }
  }
  return energy;
}

/** `aᵀ·M·b`. */
function bilinear(a: Float32Array, matrix: Float64Array, b: Float32Array): number {
  const columns = b.length;
  let total = 0;
  for (let row = 0; row < columns; row++) {
    const value = a[row] ?? 0;
    if (value === 0) continue;
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum += (matrix[row * columns + column] ?? 0) * (b[column] ?? 0);
    }
    total += value * sum;
  }
  return total;
}
