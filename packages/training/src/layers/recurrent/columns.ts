/**
 * Vectors of steps as columns: `[T,N,F]` to `[F,T·width]`, a row for each feature.
 *
 * @param values - Row-major [T,N,F].
 * @param target - Where they go.
 * @param layout - Extents; columns of a step and of the whole matrix; the column of the first step; and whether the last step comes first.
 */
export function toColumns(values: Float32Array, target: Float32Array, layout: ColumnLayout): void {
  forEachVector(layout, (vector, column) => {
    for (let feature = 0; feature < layout.features; feature++) {
      target[feature * layout.rowStep + column] = values[vector * layout.features + feature] ?? 0;
    }
  });
}

/** The way back. */
export function fromColumns(columns: Float32Array, layout: ColumnLayout): Float32Array {
  const values = new Float32Array(layout.steps * layout.batch * layout.features);
  forEachVector(layout, (vector, column) => {
    for (let feature = 0; feature < layout.features; feature++) {
      values[vector * layout.features + feature] = columns[feature * layout.rowStep + column] ?? 0;
    }
  });
  return values;
}

/** Where vectors are as columns. */
export interface ColumnLayout {
  readonly steps: number;
  readonly batch: number;
  readonly features: number;
  /** Columns of a step, and of all. */
  readonly width: number;
  readonly rowStep: number;
  /** Column of the first example of the first step. */
  readonly first: number;
  /** Whether the last step comes first. */
  readonly isReversed: boolean;
}

function forEachVector(
  { steps, batch, width, first, isReversed }: ColumnLayout,
  visit: (vector: number, column: number) => void,
): void {
  for (let step = 0; step < steps; step++) {
    const place = isReversed ? steps - 1 - step : step;
    for (let example = 0; example < batch; example++) {
      visit(step * batch + example, first + place * width + example);
    }
  }
}
