import type { FittedGrid, Matrix } from '@grim/bcr';
import { inverseOf } from './cholesky.ts';
import { factorOver, rowsOfObjective, type Objective } from './least-squares.ts';
import type { Moments } from './moments.ts';

/** The most multiply-adds that elimination may take in a matrix: minutes. */
const maximumWork = 3e10;

/** How much dearer a column counts at least than the one that went before it, so that the order survives in the scores. */
const leastStep = 1e-6;

/** Whether {@link eliminateColumns} can be afforded. */
export function canEliminate(grid: FittedGrid): boolean {
  return (grid.blockRowCount * grid.columns ** 3) / 6 <= maximumWork;
}

/**
 * How much the columns of each block row matter, by taking them away one after the other.
 *
 * All rows of a block row lose a column together, each time the one whose loss costs the products least once the weights that are
 * left make up for it: `Σ w² / [H⁻¹]` over the rows, after which weights and inverse are those of least squares without it (optimal
 * brain surgeon, Hassibi and Stork 1993, on rows that share their columns).
 *
 * @param objective - The matrix and damped moments.
 * @param grid - Blocks; only their rows matter.
 * @returns Per cell the root of what its column cost when it went, shared among the rows: the projection onto BCR patterns then keeps
 * what went last.
 */
export function eliminateColumns(objective: Objective, grid: FittedGrid): Matrix {
  const { matrix } = objective;
  const { columns } = matrix;
  const scores = new Float32Array(matrix.values.length);
  const starts = new Map<Moments, Float64Array>();
  const rows = rowsOfObjective(objective);
  for (let first = 0; first < matrix.rows; first += grid.blockRows) {
    const height = Math.min(grid.blockRows, matrix.rows - first);
    // Blocks span no gates, and bands consist of gates: one set of moments counts for all rows.
    const moments = rows[first]?.moments;
    if (!moments) continue;
    const inverse = starts.get(moments) ?? inverseOf(factorOver(moments, allOf(columns)), columns);
    starts.set(moments, inverse);
    const weights = fullWeights(objective, moments, inverse, first, height);
    const costs = eliminate(inverse.slice(), weights, columns, height);
    for (let row = first; row < first + height; row++) {
      for (let column = 0; column < columns; column++) {
        scores[row * columns + column] = Math.sqrt((costs[column] ?? 0) / height);
      }
    }
  }
  return { ...matrix, values: scores };
}

function allOf(columns: number): number[] {
  return Array.from({ length: columns }, (_, column) => column);
}

/**
 * The least-squares weights of some rows without any mask, `height × columns`: the dense ones where inputs are those of
 * the dense network.
 */
function fullWeights(
  { matrix: { columns, values } }: Objective,
  moments: Moments,
  inverse: Float64Array,
  first: number,
  height: number,
): Float64Array {
  const own = Float64Array.from(values.subarray(first * columns, (first + height) * columns));
  if (moments.gram === moments.dense) return own;
  const solved = new Float64Array(own.length);
  for (let row = 0; row < height; row++) {
    const weights = own.subarray(row * columns, (row + 1) * columns);
    solved.set(times(inverse, times(moments.cross, weights)), row * columns);
  }
  return solved;
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  const product = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let column = 0; column < size; column++) {
      sum += (matrix[row * size + column] ?? 0) * (vector[column] ?? 0);
    }
    product[row] = sum;
  }
  return product;
}

/**
 * Takes all columns away.
 *
 * @param inverse - `[H⁻¹]`, whose lower triangle is used up.
 * @param weights - `height × columns`, used up.
 * @returns What each column cost, never less than those before it.
 */
function eliminate(
  inverse: Float64Array,
  weights: Float64Array,
  columns: number,
  height: number,
): Float64Array {
  const costs = new Float64Array(columns);
  const at = Array.from({ length: columns }, (_, column) => column);
  let dearest = 0;
  for (let left = columns; left > 0; left--) {
    const { position, cost } = cheapest(inverse, weights, columns, height, left);
    dearest = Math.max(cost, dearest * (1 + leastStep));
    costs[at[position] ?? 0] = dearest;
    const last = left - 1;
    swapColumns(inverse, weights, columns, height, position, last);
    at[position] = at[last] ?? 0;
    removeLast(inverse, weights, columns, height, last);
  }
  return costs;
}

function cheapest(
  inverse: Float64Array,
  weights: Float64Array,
  columns: number,
  height: number,
  left: number,
): { readonly position: number; readonly cost: number } {
  let position = 0;
  let cost = Infinity;
  for (let column = 0; column < left; column++) {
    let energy = 0;
    for (let row = 0; row < height; row++) energy += (weights[row * columns + column] ?? 0) ** 2;
    const own = energy / (inverse[column * columns + column] ?? 1);
    if (own < cost) [position, cost] = [column, own];
  }
  return { position, cost };
}

/** Swaps a column with the last of those left, in the lower triangle of the inverse and in the weights. */
function swapColumns(
  inverse: Float64Array,
  weights: Float64Array,
  columns: number,
  height: number,
  position: number,
  last: number,
): void {
  if (position === last) return;
  const swap = (values: Float64Array, a: number, b: number): void => {
    [values[a], values[b]] = [values[b] ?? 0, values[a] ?? 0];
  };
  for (let other = 0; other < position; other++) {
    swap(inverse, position * columns + other, last * columns + other);
  }
  for (let other = position + 1; other < last; other++) {
    swap(inverse, other * columns + position, last * columns + other);
  }
  swap(inverse, position * columns + position, last * columns + last);
  for (let row = 0; row < height; row++) swap(weights, row * columns + position, row * columns + last);
}

/** Makes the other columns up for the last one. */
function removeLast(
  inverse: Float64Array,
  weights: Float64Array,
  columns: number,
  height: number,
  last: number,
): void {
  const start = last * columns;
  const scale = 1 / (inverse[start + last] ?? 1);
  for (let row = 0; row < height; row++) {
    const factor = (weights[row * columns + last] ?? 0) * scale;
    for (let column = 0; column < last; column++) {
      weights[row * columns + column] =
        (weights[row * columns + column] ?? 0) - factor * (inverse[start + column] ?? 0);
    }
  }
  for (let row = 0; row < last; row++) {
    const factor = (inverse[start + row] ?? 0) * scale;
    const own = row * columns;
    for (let column = 0; column <= row; column++) {
      inverse[own + column] = (inverse[own + column] ?? 0) - factor * (inverse[start + column] ?? 0);
    }
  }
}
