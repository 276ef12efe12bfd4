import type { Matrix } from '@grim/bcr';
import { createMomentSums } from '../../src/reconstruction/moment-sums.ts';
import type { Moments } from '../../src/reconstruction/moments.ts';
import { weights } from '../graphs.ts';

/** Vectors whose columns say something about each other, and what a dense network would have given in their place. */
export function pairsOfVectors(
  count: number,
  columns: number,
  seed: number,
): { readonly vectors: Float32Array[]; readonly denseVectors: Float32Array[] } {
  const { data: mixing } = weights([columns, columns], seed);
  const { data: sources } = weights([count, columns], seed + 100);
  const { data: disturbance } = weights([count, columns], seed + 200);
  const vectors = Array.from({ length: count }, (_, vector) =>
    Float32Array.from({ length: columns }, (__, column) => {
      let sum = 0.5;
      for (let source = 0; source < columns; source++) {
        sum += (sources[vector * columns + source] ?? 0) * (mixing[source * columns + column] ?? 0);
      }
      return sum;
    }),
  );
  const denseVectors = vectors.map((vector, index) =>
    vector.map((value, column) => value + 0.3 * (disturbance[index * columns + column] ?? 0)),
  );
  return { vectors, denseVectors };
}

/** Moments of such vectors. */
export function randomMoments(matrix: Matrix, count: number, seed: number, pairs: boolean): Moments {
  const { vectors, denseVectors } = pairsOfVectors(count, matrix.columns, seed);
  const sums = createMomentSums(matrix.rows, matrix.columns, pairs);
  for (const [index, vector] of vectors.entries()) sums.add(vector, denseVectors[index]);
  return sums.finish();
}
