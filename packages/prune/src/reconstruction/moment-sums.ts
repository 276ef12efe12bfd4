import type { Moments } from './moments.ts';

/** Vectors that are added to the sums at a time, so that a sum is read and written once for all of them. */
const batch = 4;

/** Sums of products of columns, on the way to {@link Moments}. */
export interface MomentSums {
  /** Adds a vector and, where sums of pairs are kept, what it is in the dense network. */
  readonly add: (vector: Float32Array, denseVector?: Float32Array) => void;
  /** The means so far. */
  readonly finish: () => Moments;
}

/**
 * Sums over no vectors yet.
 *
 * @param rows - Rows of the matrix that multiply these vectors.
 * @param columns - Length of a vector.
 * @param pairs - Whether vectors differ from those of the dense network, which are then given too.
 */
export function createMomentSums(rows: number, columns: number, pairs: boolean): MomentSums {
  const pending = new Float64Array(batch * columns);
  const densePending = pairs ? new Float64Array(batch * columns) : pending;
  const gram = new Float64Array(columns * columns);
  const cross = pairs ? new Float64Array(columns * columns) : gram;
  const dense = pairs ? new Float64Array(columns * columns) : gram;
  const sum = new Float64Array(columns);
  const denseSum = pairs ? new Float64Array(columns) : sum;
  let waiting = 0;
  let vectors = 0;
  const flush = (): void => {
    if (waiting === 0) return;
    pending.fill(0, waiting * columns);
    addUpper(gram, pending, columns);
    if (pairs) {
      densePending.fill(0, waiting * columns);
      addUpper(dense, densePending, columns);
      addProducts(cross, pending, densePending, columns);
    }
    waiting = 0;
  };
  return {
    add: (vector, denseVector) => {
      pending.set(vector, waiting * columns);
      addTo(sum, vector);
      if (pairs) {
        const other = denseVector ?? vector;
        densePending.set(other, waiting * columns);
        addTo(denseSum, other);
      }
      vectors++;
      if (++waiting === batch) flush();
    },
    finish: () => {
      flush();
      const scale = 1 / Math.max(1, vectors);
      const symmetric = (upper: Float64Array): Float64Array =>
        upper.map((_, at) => {
          const [row, column] = [Math.floor(at / columns), at % columns];
          return scale * (upper[Math.min(row, column) * columns + Math.max(row, column)] ?? 0);
        });
      const mean = sum.map((value) => value * scale);
      const means = symmetric(gram);
      return {
        rows,
        columns,
        gram: means,
        cross: pairs ? cross.map((value) => value * scale) : means,
        dense: pairs ? symmetric(dense) : means,
        mean,
        denseMean: pairs ? denseSum.map((value) => value * scale) : mean,
        vectors,
      };
    },
  };
}

function addTo(sum: Float64Array, vector: Float32Array): void {
  for (let column = 0; column < sum.length; column++) {
    sum[column] = (sum[column] ?? 0) + (vector[column] ?? 0);
  }
}

/** Adds the outer products of a batch of vectors; only the upper triangle. */
function addUpper(sums: Float64Array, vectors: Float64Array, columns: number): void {
  for (let row = 0; row < columns; row++) addRow(sums, vectors, vectors, columns, row, row);
}

function addProducts(sums: Float64Array, left: Float64Array, right: Float64Array, columns: number): void {
  for (let row = 0; row < columns; row++) addRow(sums, left, right, columns, row, 0);
}

function addRow(
  sums: Float64Array,
  left: Float64Array,
  right: Float64Array,
  columns: number,
  row: number,
  from: number,
): void {
  const a = left[row] ?? 0;
  const b = left[columns + row] ?? 0;
  const c = left[2 * columns + row] ?? 0;
  const d = left[3 * columns + row] ?? 0;
  // What a ReLU cut off is 0 for whole batches.
  if (a === 0 && b === 0 && c === 0 && d === 0) return;
  const start = row * columns;
  for (let column = from; column < columns; column++) {
    sums[start + column] =
      (sums[start + column] ?? 0) +
      a * (right[column] ?? 0) +
      b * (right[columns + column] ?? 0) +
      c * (right[2 * columns + column] ?? 0) +
      d * (right[3 * columns + column] ?? 0);
  }
}
