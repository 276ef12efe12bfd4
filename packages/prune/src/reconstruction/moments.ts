/** Second moments of the vectors that some rows of a weight matrix multiply. */
export interface Moments {
  /** Rows of the matrix that multiply these vectors. */
  readonly rows: number;
  /** Length of a vector. */
  readonly columns: number;
  /** `columns × columns`: sums of the products of two columns; means once {@link finishMoments} was called. */
  readonly gram: Float64Array;
  /** Vectors that were added. */
  vectors: number;
}

/** Moments of no vectors. */
export function createMoments(rows: number, columns: number): Moments {
  return { rows, columns, gram: new Float64Array(columns * columns), vectors: 0 };
}

/** Adds the outer product of a vector; only the upper triangle is kept until {@link finishMoments}. */
export function addVector(moments: Moments, vector: ArrayLike<number>): void {
  const { gram, columns } = moments;
  moments.vectors++;
  for (let row = 0; row < columns; row++) {
    const value = vector[row] ?? 0;
    if (value === 0) continue;
    const start = row * columns;
    for (let column = row; column < columns; column++) {
      gram[start + column] = (gram[start + column] ?? 0) + value * (vector[column] ?? 0);
    }
  }
}

/** Divides by the number of vectors and fills the lower triangle. */
export function finishMoments({ gram, columns, vectors }: Moments): void {
  for (let row = 0; row < columns; row++) {
    for (let column = row; column < columns; column++) {
      const mean = (gram[row * columns + column] ?? 0) / Math.max(1, vectors);
      gram[row * columns + column] = mean;
      gram[column * columns + row] = mean;
    }
  }
}

/** Adds moments of the same rows and columns, each weighted by its vectors. */
export function joinMoments(all: readonly Moments[]): Moments | undefined {
  const [first, ...others] = all;
  if (!first || others.length === 0) return first;
  const vectors = all.reduce((sum, moments) => sum + moments.vectors, 0);
  const gram = first.gram.map((_, index) =>
    all.reduce(
      (sum, moments) => sum + ((moments.gram[index] ?? 0) * moments.vectors) / Math.max(1, vectors),
      0,
    ),
  );
  return { rows: first.rows, columns: first.columns, gram, vectors };
}
