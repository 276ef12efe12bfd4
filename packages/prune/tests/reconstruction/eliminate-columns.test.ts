import fc from 'fast-check';
import { fitGrid, type Matrix } from '@grim/bcr';
import { describe, expect, it } from 'vitest';
import { eliminateColumns } from '../../src/reconstruction/eliminate-columns.ts';
import { damped, type Moments } from '../../src/reconstruction/moments.ts';
import { weights } from '../graphs.ts';
import { randomMoments } from './random-moments.ts';

/** Least error of some rows over all weights on some columns: `wᵀDw − bᵀ·H_S⁻¹·b` with `b = X_S·w`, summed. */
function leastError(
  matrix: Matrix,
  { gram, cross, dense }: Moments,
  rows: readonly number[],
  support: readonly number[],
): number {
  const { columns, values } = matrix;
  const cell = (of: Float64Array, row: number, column: number): number => of[row * columns + column] ?? NaN;
  const all = Array.from({ length: columns }, (_, column) => column);
  return rows.reduce((sum, row) => {
    const w = all.map((column) => values[row * columns + column] ?? NaN);
    const energy = all.reduce(
      (total, a) => total + all.reduce((part, b) => part + (w[a] ?? 0) * cell(dense, a, b) * (w[b] ?? 0), 0),
      0,
    );
    const right = support.map((kept) =>
      all.reduce((part, b) => part + cell(cross, kept, b) * (w[b] ?? 0), 0),
    );
    const solved = solve(
      support.map((a) => support.map((b) => cell(gram, a, b))),
      right,
    );
    return sum + energy - right.reduce((part, value, index) => part + value * (solved[index] ?? NaN), 0);
  }, 0);
}

/** Gauss-Jordan elimination of a positive definite system. */
function solve(system: number[][], right: readonly number[]): number[] {
  const rows = system.map((row, index) => [...row, right[index] ?? NaN]);
  for (const [pivot, own] of rows.entries()) {
    const scale = own[pivot] ?? NaN;
    for (const [index, value] of own.entries()) own[index] = value / scale;
    for (const [other, row] of rows.entries()) {
      if (other === pivot) continue;
      const factor = row[pivot] ?? NaN;
      for (const [index, value] of own.entries()) row[index] = (row[index] ?? NaN) - factor * value;
    }
  }
  return rows.map((row) => row.at(-1) ?? NaN);
}

describe('eliminateColumns', () => {
  it('takes away the column that costs least each time, as least squares from scratch say', () => {
    fc.assert(
      fc.property(
        fc.record({
          blockRows: fc.integer({ min: 1, max: 4 }),
          blocks: fc.integer({ min: 1, max: 2 }),
          columns: fc.integer({ min: 1, max: 7 }),
          seed: fc.integer({ min: 1, max: 1000 }),
          pairs: fc.boolean(),
        }),
        ({ blockRows, blocks, columns, seed, pairs }) => {
          const rows = blockRows * blocks;
          const matrix = { rows, columns, values: weights([rows, columns], seed).data };
          const moments = damped(randomMoments(matrix, 30, seed, pairs), 0.01);
          const grid = fitGrid(rows, columns, { blockRows, blockColumns: columns });
          const scores = eliminateColumns({ matrix, bands: [moments] }, grid).values;
          for (let block = 0; block < blocks; block++) {
            const own = Array.from({ length: blockRows }, (_, row) => block * blockRows + row);
            let support = Array.from({ length: columns }, (_, column) => column);
            let error = leastError(matrix, moments, own, support);
            let dearest = 0;
            while (support.length > 0) {
              const costOf = (column: number): number =>
                leastError(
                  matrix,
                  moments,
                  own,
                  support.filter((other) => other !== column),
                ) - error;
              const least = Math.min(...support.map(costOf));
              const scoreOf = (column: number): number => scores[(own[0] ?? 0) * columns + column] ?? NaN;
              const taken = support.reduce((a, b) => (scoreOf(b) < scoreOf(a) ? b : a));
              // Two columns may cost nearly the same.
              expect(costOf(taken)).toBeLessThan(least + 1e-6 + 1e-4 * least);
              dearest = Math.max(dearest, costOf(taken));
              expect(scoreOf(taken) ** 2 * blockRows).toBeCloseTo(dearest, 3);
              for (const row of own) expect(scores[row * columns + taken]).toBe(scoreOf(taken));
              error += costOf(taken);
              support = support.filter((column) => column !== taken);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
