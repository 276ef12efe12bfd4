/**
 * Second moments of the vectors that some rows of a weight matrix multiply: means of `x·xᵀ`.
 *
 * Where layers before it are pruned, a layer is given other vectors `x` than in the dense network, `x'`; then moments of both and across
 * both are kept. Elsewhere all three are the same array.
 */
export interface Moments {
  /** Rows of the matrix that multiply these vectors. */
  readonly rows: number;
  /** Length of a vector. */
  readonly columns: number;
  /** `columns × columns`: means of `x·xᵀ`. */
  readonly gram: Float64Array;
  /** `columns × columns`: means of `x·x'ᵀ`. */
  readonly cross: Float64Array;
  /** `columns × columns`: means of `x'·x'ᵀ`. */
  readonly dense: Float64Array;
  /** Means of `x`. */
  readonly mean: Float64Array;
  /** Means of `x'`. */
  readonly denseMean: Float64Array;
  /** Vectors that were added. */
  readonly vectors: number;
}

/** Moments with all three matrices replaced; those that are one array stay one. */
export function mapMatrices(
  moments: Moments,
  change: (matrix: Float64Array, left: Float64Array, right: Float64Array) => Float64Array,
): Moments {
  const { gram, cross, dense, mean, denseMean } = moments;
  const changed = change(gram, mean, mean);
  if (gram === dense) return { ...moments, gram: changed, cross: changed, dense: changed };
  return {
    ...moments,
    gram: changed,
    cross: change(cross, mean, denseMean),
    dense: change(dense, denseMean, denseMean),
  };
}

/** Moments about the means: what is left when a bias makes up for every mean. */
export function centred(moments: Moments): Moments {
  const { columns } = moments;
  return mapMatrices(moments, (matrix, left, right) => {
    const about = new Float64Array(matrix.length);
    for (let row = 0; row < columns; row++) {
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        about[at] = (matrix[at] ?? 0) - (left[row] ?? 0) * (right[column] ?? 0);
      }
    }
    return about;
  });
}

/** Moments with more on the diagonals, which draws weights to what they were where calibration says little. */
export function damped(moments: Moments, relative: number): Moments {
  const { columns, gram } = moments;
  let trace = 0;
  for (let column = 0; column < columns; column++) trace += gram[column * columns + column] ?? 0;
  // Without any input all weights count alike.
  const added = trace > 0 ? (relative * trace) / columns : 1;
  return mapMatrices(moments, (matrix) => {
    const changed = matrix.slice();
    for (let column = 0; column < columns; column++) {
      const at = column * columns + column;
      changed[at] = (changed[at] ?? 0) + added;
    }
    return changed;
  });
}

/** Adds moments of the same rows and columns, each weighted by its vectors. */
export function joinMoments(all: readonly Moments[]): Moments | undefined {
  const [first, ...others] = all;
  if (!first || others.length === 0) return first;
  const vectors = all.reduce((sum, moments) => sum + moments.vectors, 0);
  const joined = (part: (moments: Moments) => Float64Array): Float64Array =>
    part(first).map((_, index) =>
      all.reduce(
        (sum, moments) => sum + ((part(moments)[index] ?? 0) * moments.vectors) / Math.max(1, vectors),
        0,
      ),
    );
  const gram = joined((moments) => moments.gram);
  const same = all.every((moments) => moments.gram === moments.dense);
  return {
    rows: first.rows,
    columns: first.columns,
    gram,
    cross: same ? gram : joined((moments) => moments.cross),
    dense: same ? gram : joined((moments) => moments.dense),
    mean: joined((moments) => moments.mean),
    denseMean: joined((moments) => moments.denseMean),
    vectors,
  };
}
