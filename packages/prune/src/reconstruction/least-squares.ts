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
 * The weights on a mask whose products with the calibration vectors differ least from those of the matrix, in the sense of
 * least squares: per row `ŵ_S = H_SS⁻¹ · H_S · w` for the columns `S` that it keeps. Rows that keep the same columns share a factor.
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
        sum += (moments.gram[kept * columns + column] ?? 0) * (values[row * columns + column] ?? 0);
      }
      right[index] = sum;
    }
    solveCholesky(factor, support.length, right);
    for (const [index, column] of support.entries()) solved[row * columns + column] = right[index] ?? 0;
  }
  return solved;
}

/** `Σ (w − ŵ)ᵀ·H·(w − ŵ)` over the rows: the energy of the error of the products per vector. With zeros for `ŵ` that of the products. */
export function productEnergy(objective: Objective, changed?: Float32Array): number {
  const { columns, values } = objective.matrix;
  let energy = 0;
  const difference = new Float64Array(columns);
  for (const { row, moments } of rowsOfObjective(objective)) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      difference[column] = (values[at] ?? 0) - (changed?.[at] ?? 0);
    }
    for (let first = 0; first < columns; first++) {
      const value = difference[first] ?? 0;
      if (value === 0) continue;
      const start = first * columns;
      let sum = (value * (moments.gram[start + first] ?? 0)) / 2;
      for (let column = first + 1; column < columns; column++) {
        sum += (moments.gram[start + column] ?? 0) * (difference[column] ?? 0);
      }
      energy += 2 * value * sum;
    }
  }
  return energy;
}
