import fc from 'fast-check';
import type { BcrcForm, BlockGrid, Matrix } from '../src/index.ts';

/** Values a weight may take, with the awkward ones: tiny, huge, and both zeros. */
const weight = fc.oneof(
  { weight: 12, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true, min: -4, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(1.401298464324817e-45, -3.4028234663852886e38, 0, -0) },
);

/** Block extents from 1 to somewhat more than the matrices below have. */
export const gridArbitrary: fc.Arbitrary<BlockGrid> = fc.record({
  blockRows: fc.integer({ min: 1, max: 20 }),
  blockColumns: fc.integer({ min: 1, max: 40 }),
});

/** Row counts around the lane counts that kernels use, and column counts around the 32 columns of a bit set word. */
const rowCount = fc.oneof(fc.constantFrom(1, 3, 4, 5, 7, 8, 9, 15, 16, 17), fc.integer({ min: 1, max: 24 }));
const columnCount = fc.oneof(fc.constantFrom(1, 2, 31, 32, 33, 64), fc.integer({ min: 1, max: 40 }));

/** A dense matrix whose values include zeros now and then. */
export const denseArbitrary: fc.Arbitrary<Matrix> = fc
  .tuple(rowCount, columnCount)
  .chain(([rows, columns]) =>
    fc
      .array(weight, { minLength: rows * columns, maxLength: rows * columns })
      .map((values) => ({ rows, columns, values: Float32Array.from(values) })),
  );

/** What is zeroed in {@link sparseArbitrary}: whole columns and rows of blocks, single cells, everything, nothing. */
type Pattern = 'dense' | 'columns' | 'rows' | 'both' | 'cells' | 'zero';

/** A matrix with a block column-row pattern (or an unstructured one) and the grid of the pattern. */
export const sparseArbitrary: fc.Arbitrary<{ matrix: Matrix; grid: BlockGrid }> = fc
  .record({
    matrix: denseArbitrary,
    grid: gridArbitrary,
    pattern: fc.constantFrom<Pattern>('dense', 'columns', 'rows', 'both', 'cells', 'zero'),
    seed: fc.integer(),
    keep: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  })
  .map(({ matrix, grid, pattern, seed, keep }) => ({
    matrix: prune(matrix, grid, pattern, seed, keep),
    grid,
  }));

function prune(matrix: Matrix, grid: BlockGrid, pattern: Pattern, seed: number, keep: number): Matrix {
  const kept = (...key: number[]): boolean => uniform(seed, key) < keep;
  const values = matrix.values.map((value, index) => {
    const row = Math.floor(index / matrix.columns);
    const column = index % matrix.columns;
    const block = Math.floor(row / grid.blockRows) * 1000 + Math.floor(column / grid.blockColumns);
    const columnKept = pattern === 'rows' || kept(1, block, column);
    const rowKept = pattern === 'columns' || kept(2, block, row);
    if (pattern === 'dense') return value;
    if (pattern === 'zero') return 0;
    if (pattern === 'cells') return kept(3, row, column) ? value : 0;
    return columnKept && rowKept ? value : 0;
  });
  return { ...matrix, values };
}

/** A number in [0, 1) that depends on the seed and the key only. */
export function uniform(seed: number, key: readonly number[]): number {
  let state = seed ^ 0x9e3779b9;
  for (const part of key) {
    state = Math.imul(state ^ part, 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
    state ^= state >>> 16;
  }
  return (state >>> 0) / 2 ** 32;
}

/** A reproducible matrix without zeros. */
export function filledMatrix(rows: number, columns: number, seed = 1): Matrix {
  const values = new Float32Array(rows * columns);
  for (let index = 0; index < values.length; index++) values[index] = uniform(seed, [index]) + 0.25;
  return { rows, columns, values };
}

/** A matrix pruned in rows and columns: every block keeps about half of its rows and half of its columns. */
export function rowPrunedMatrix(rows: number, columns: number, grid: BlockGrid, seed = 7): Matrix {
  const matrix = filledMatrix(rows, columns, seed);
  const values = matrix.values.map((value, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    const blockRow = Math.floor(row / grid.blockRows);
    const blockColumn = Math.floor(column / grid.blockColumns);
    const rowKept = uniform(seed, [1, blockColumn, row]) < 0.5;
    const columnKept = uniform(seed, [2, blockRow, column]) < 0.5;
    return rowKept && columnKept ? value : 0;
  });
  return { rows, columns, values };
}

/** A matrix and the blocks it was pruned in. */
interface Pruned {
  readonly matrix: Matrix;
  readonly grid: BlockGrid;
}

function kept(grid: BlockGrid, isKept: (row: number, column: number) => boolean): Pruned {
  const matrix = filledMatrix(64, 48);
  const values = matrix.values.map((value, index) =>
    isKept(Math.floor(index / 48), index % 48) ? value : 0,
  );
  return { matrix: { ...matrix, values }, grid };
}

/** A matrix of 64×48 for each form of BCRC, which is the smallest for it. Rows of one list are never neighbours. */
export const matrixOfForm: Readonly<Record<BcrcForm, Pruned>> = {
  // Two lists of columns that have little in common.
  shared: kept({ blockRows: 1, blockColumns: 48 }, (row, column) => column % 4 === row % 2 || column === 47),
  // The left block has one list in all rows, the right one another in odd rows.
  chained: kept({ blockRows: 1, blockColumns: 24 }, (row, column) =>
    column < 24 ? column % 6 > 0 : row % 2 === 1 && column % 6 < 5,
  ),
  blocked: {
    matrix: rowPrunedMatrix(64, 48, { blockRows: 16, blockColumns: 16 }),
    grid: { blockRows: 16, blockColumns: 16 },
  },
};
