import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMomentSums } from '../../src/reconstruction/moment-sums.ts';
import { centred } from '../../src/reconstruction/moments.ts';
import { pairsOfVectors } from './random-moments.ts';

function meanOf(count: number, term: (vector: number) => number): number {
  let sum = 0;
  for (let vector = 0; vector < count; vector++) sum += term(vector);
  return sum / count;
}

describe('createMomentSums', () => {
  it('gives the means of all products of columns, within one network and across two', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 11 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.boolean(),
        (count, columns, seed, pairs) => {
          const { vectors, denseVectors: others } = pairsOfVectors(count, columns, seed);
          const denseVectors = pairs ? others : vectors;
          const sums = createMomentSums(3, columns, pairs);
          for (const [index, vector] of vectors.entries()) {
            sums.add(vector, pairs ? denseVectors[index] : undefined);
          }
          const moments = sums.finish();
          expect(moments).toMatchObject({ rows: 3, columns, vectors: count });
          expect(moments.gram === moments.dense).toBe(!pairs);
          const about = centred(moments);
          for (let row = 0; row < columns; row++) {
            const at = (list: readonly Float32Array[], vector: number, column: number): number =>
              list[vector]?.[column] ?? NaN;
            expect(moments.mean[row]).toBeCloseTo(
              meanOf(count, (each) => at(vectors, each, row)),
              5,
            );
            expect(moments.denseMean[row]).toBeCloseTo(
              meanOf(count, (each) => at(denseVectors, each, row)),
              5,
            );
            for (let column = 0; column < columns; column++) {
              for (const [found, foundAbout, left, right] of [
                [moments.gram, about.gram, vectors, vectors],
                [moments.cross, about.cross, vectors, denseVectors],
                [moments.dense, about.dense, denseVectors, denseVectors],
              ] as const) {
                const product = meanOf(count, (each) => at(left, each, row) * at(right, each, column));
                const means =
                  meanOf(count, (each) => at(left, each, row)) *
                  meanOf(count, (each) => at(right, each, column));
                expect(found[row * columns + column]).toBeCloseTo(product, 4);
                expect(foundAbout[row * columns + column]).toBeCloseTo(product - means, 4);
              }
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
