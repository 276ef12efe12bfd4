import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountBytes,
  applyMask,
  BeyondReachError,
  countNonZeros,
  fitGrid,
  keptCells,
  keptEnergy,
  maskDensity,
  projectMagnitude,
  type BcrMask,
  type BlockGrid,
  type MagnitudeOptions,
  type Matrix,
} from '../src/index.ts';
import { denseArbitrary, filledMatrix, gridArbitrary, uniform } from './matrices.ts';

/** Weights of different strength, none of them zero, so that each choice matters. */
function variedMatrix(rows: number, columns: number, seed: number): Matrix {
  const values = new Float32Array(rows * columns);
  for (let index = 0; index < values.length; index++) {
    values[index] = (uniform(seed, [index]) - 0.5) * 4 ** uniform(seed, [index, 1]) + 1e-3;
  }
  return { rows, columns, values };
}

interface Place {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** Row and column numbers of each block, from the grid alone. */
function placesOf(matrix: Matrix, grid: BlockGrid): Place[] {
  const cut = (extent: number, size: number): number[][] =>
    Array.from({ length: Math.ceil(extent / size) }, (_, part) =>
      Array.from({ length: Math.min(size, extent - part * size) }, (__, offset) => part * size + offset),
    );
  return cut(matrix.rows, grid.blockRows).flatMap((rows) =>
    cut(matrix.columns, grid.blockColumns).map((columns) => ({ rows, columns })),
  );
}

function energyOf(matrix: Matrix, rows: readonly number[], columns: readonly number[]): number {
  let sum = 0;
  for (const row of rows)
    for (const column of columns) sum += (matrix.values[row * matrix.columns + column] ?? 0) ** 2;
  return sum;
}

function subsets(items: readonly number[], count: number): number[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, index) =>
    subsets(items.slice(index + 1), count - 1).map((rest) => [item, ...rest]),
  );
}

function keptIn(matrix: Matrix, mask: BcrMask, place: Place): Place {
  const blockRow = Math.floor((place.rows[0] ?? 0) / mask.grid.blockRows);
  const blockColumn = Math.floor((place.columns[0] ?? 0) / mask.grid.blockColumns);
  return {
    rows: place.rows.filter((row) => mask.keptRows[blockColumn * matrix.rows + row] === 1),
    columns: place.columns.filter((column) => mask.keptColumns[blockRow * matrix.columns + column] === 1),
  };
}

const tiny = fc.record({
  rows: fc.integer({ min: 1, max: 7 }),
  columns: fc.integer({ min: 1, max: 9 }),
  grid: fc.record({
    blockRows: fc.integer({ min: 1, max: 6 }),
    blockColumns: fc.integer({ min: 1, max: 6 }),
  }),
  seed: fc.integer(),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** A rate between 1 and the greatest that an extent allows. */
const rateWithin = (extent: number, share: number): number => 1 + (extent - 1) * share;

describe('projectMagnitude in blocks', () => {
  it('keeps the best columns there are for its counts, and its counts make up the rate', () => {
    fc.assert(
      fc.property(tiny, ({ rows, columns, grid, seed, share }) => {
        const matrix = variedMatrix(rows, columns, seed);
        const rate = rateWithin(Math.min(columns, grid.blockColumns), share);
        const mask = projectMagnitude(matrix, grid, { rate, keepEveryColumn: false });
        const keptPerRow = new Map<number, number>();
        for (const place of placesOf(matrix, mask.grid)) {
          const kept = keptIn(matrix, mask, place);
          expect(kept.rows).toEqual(place.rows);
          const best = Math.max(
            ...subsets(place.columns, kept.columns.length).map((choice) =>
              energyOf(matrix, place.rows, choice),
            ),
          );
          expect(energyOf(matrix, kept.rows, kept.columns)).toBeCloseTo(best, 10);
          const first = place.rows[0] ?? 0;
          keptPerRow.set(first, (keptPerRow.get(first) ?? 0) + kept.columns.length);
        }
        for (const kept of keptPerRow.values()) {
          // Every block keeps a column, so a narrow last block may add one.
          expect(kept).toBeGreaterThanOrEqual(Math.floor(columns / rate));
          expect(kept).toBeLessThanOrEqual(Math.ceil(columns / rate) + 1);
        }
      }),
    );
  });

  it('keeps the best rows there are for its counts', () => {
    fc.assert(
      fc.property(tiny, ({ rows, columns, grid, seed, share }) => {
        const matrix = variedMatrix(rows, columns, seed);
        const rate = rateWithin(Math.min(rows, grid.blockRows), share);
        const mask = projectMagnitude(matrix, grid, { rate, split: 'rows', keepEveryRow: false });
        for (const place of placesOf(matrix, mask.grid)) {
          const kept = keptIn(matrix, mask, place);
          expect(kept.columns).toEqual(place.columns);
          expect(kept.rows.length).toBeGreaterThan(0);
          const best = Math.max(
            ...subsets(place.rows, kept.rows.length).map((choice) => energyOf(matrix, choice, place.columns)),
          );
          expect(energyOf(matrix, kept.rows, kept.columns)).toBeCloseTo(best, 10);
        }
      }),
    );
  });

  it('with both rates keeps at least the energy of columns-then-rows in every block', () => {
    fc.assert(
      fc.property(
        tiny,
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ rows, columns, grid, seed, share }, rowShare) => {
          const matrix = variedMatrix(rows, columns, seed);
          const rowRate = rateWithin(Math.min(rows, grid.blockRows), rowShare);
          const columnRate = rateWithin(Math.min(columns, grid.blockColumns), share);
          const mask = projectMagnitude(matrix, grid, {
            rate: rowRate * columnRate,
            rowRate,
            columnRate,
            keepEveryRow: false,
            keepEveryColumn: false,
          });
          for (const place of placesOf(matrix, mask.grid)) {
            const kept = keptIn(matrix, mask, place);
            const strongest = (
              items: readonly number[],
              count: number,
              energy: (item: number) => number,
            ): number[] => [...items].sort((a, b) => energy(b) - energy(a)).slice(0, count);
            const first = strongest(place.columns, kept.columns.length, (column) =>
              energyOf(matrix, place.rows, [column]),
            );
            const then = strongest(place.rows, kept.rows.length, (row) => energyOf(matrix, [row], first));
            expect(energyOf(matrix, kept.rows, kept.columns)).toBeGreaterThanOrEqual(
              energyOf(matrix, then, first) * (1 - 1e-12),
            );
          }
        },
      ),
    );
  });

  it('with both rates keeps the most energy there is in blocks small enough to try everything', () => {
    fc.assert(
      fc.property(
        tiny,
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ rows, columns, grid, seed, share }, rowShare) => {
          const matrix = variedMatrix(rows, columns, seed);
          const rowRate = rateWithin(Math.min(rows, grid.blockRows), rowShare);
          const columnRate = rateWithin(Math.min(columns, grid.blockColumns), share);
          const rates = { rate: rowRate * columnRate, rowRate, columnRate };
          const mask = projectMagnitude(matrix, grid, {
            ...rates,
            keepEveryRow: false,
            keepEveryColumn: false,
          });
          for (const place of placesOf(matrix, mask.grid)) {
            const kept = keptIn(matrix, mask, place);
            const energies = subsets(place.rows, kept.rows.length).flatMap((rowChoice) =>
              subsets(place.columns, kept.columns.length).map((columnChoice) =>
                energyOf(matrix, rowChoice, columnChoice),
              ),
            );
            expect(energyOf(matrix, kept.rows, kept.columns)).toBeCloseTo(Math.max(...energies), 10);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('with both rates beats columns-then-rows in blocks too large to try everything, and never loses', () => {
    let [better, total] = [0, 0];
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [height, width, rowCount, columnCount] = [12, 20, 6, 5];
        const matrix = variedMatrix(height, width, seed);
        const mask = projectMagnitude(
          matrix,
          { blockRows: height, blockColumns: width },
          { rate: 8, rowRate: 2, columnRate: 4, keepEveryRow: false },
        );
        const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
        const strongest = (length: number, count: number, energy: (index: number) => number): number[] =>
          range(length)
            .sort((a, b) => energy(b) - energy(a))
            .slice(0, count);
        const first = strongest(width, columnCount, (column) => energyOf(matrix, range(height), [column]));
        const then = strongest(height, rowCount, (row) => energyOf(matrix, [row], first));
        const published = energyOf(matrix, then, first);
        const [place = { rows: [], columns: [] }] = placesOf(matrix, mask.grid);
        const kept = keptIn(matrix, mask, place);
        expect([kept.rows.length, kept.columns.length]).toEqual([rowCount, columnCount]);
        const joint = energyOf(matrix, kept.rows, kept.columns);
        expect(joint).toBeGreaterThanOrEqual(published * (1 - 1e-12));
        total++;
        if (joint > published * 1.001) better++;
      }),
    );
    expect(better / total).toBeGreaterThan(0.5);
  });

  it('with a rate alone finds a split no worse than whole columns, within its cells', () => {
    fc.assert(
      fc.property(tiny, ({ rows, columns, seed, share }) => {
        const matrix = variedMatrix(rows, columns, seed);
        const grid = { blockRows: rows, blockColumns: columns };
        const rate = rateWithin(columns, share);
        const mask = projectMagnitude(matrix, grid, { rate, split: 'both', keepEveryRow: false });
        expect(keptCells(mask)).toBeLessThanOrEqual((rows * columns) / rate);
        const all = Array.from({ length: rows }, (_, row) => row);
        const candidates = subsets(
          Array.from({ length: columns }, (_, column) => column),
          Math.floor(columns / rate),
        );
        const wholeColumns = Math.max(...candidates.map((choice) => energyOf(matrix, all, choice)));
        const total = energyOf(
          matrix,
          all,
          Array.from({ length: columns }, (_, column) => column),
        );
        expect(keptEnergy(matrix, mask) * total).toBeGreaterThanOrEqual(wholeColumns * (1 - 1e-6));
      }),
    );
  });

  it('with both rates is no worse than choosing columns first or rows first', () => {
    for (let seed = 0; seed < 50; seed++) {
      const matrix = variedMatrix(8, 12, seed);
      const grid = { blockRows: 8, blockColumns: 12 };
      const mask = projectMagnitude(matrix, grid, {
        rate: 6,
        rowRate: 2,
        columnRate: 3,
        keepEveryRow: false,
      });
      const rows = Array.from({ length: 8 }, (_, row) => row);
      const columns = Array.from({ length: 12 }, (_, column) => column);
      const best = (items: readonly number[], count: number, energy: (item: number) => number): number[] =>
        [...items].sort((a, b) => energy(b) - energy(a)).slice(0, count);
      const columnsFirst = best(columns, 4, (column) => energyOf(matrix, rows, [column]));
      const thenRows = best(rows, 4, (row) => energyOf(matrix, [row], columnsFirst));
      const rowsFirst = best(rows, 4, (row) => energyOf(matrix, [row], columns));
      const thenColumns = best(columns, 4, (column) => energyOf(matrix, rowsFirst, [column]));
      const kept = keptEnergy(matrix, mask) * energyOf(matrix, rows, columns);
      const floor = Math.max(
        energyOf(matrix, thenRows, columnsFirst),
        energyOf(matrix, rowsFirst, thenColumns),
      );
      expect(kept).toBeGreaterThanOrEqual(floor * (1 - 1e-6));
    }
  });

  it('finds rows where the energy is in rows', () => {
    const { rows, columns, values } = filledMatrix(8, 8);
    const matrix = {
      rows,
      columns,
      values: values.map((value, index) => (Math.floor(index / 8) % 4 ? value / 100 : value)),
    };
    const mask = projectMagnitude(
      matrix,
      { blockRows: 8, blockColumns: 8 },
      { rate: 4, split: 'both', keepEveryRow: false },
    );
    expect([...mask.keptRows]).toEqual([1, 0, 0, 0, 1, 0, 0, 0]);
    expect([...mask.keptColumns]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('keeps everything at rate 1, whatever the split and budget', () => {
    fc.assert(
      fc.property(
        denseArbitrary,
        gridArbitrary,
        fc.constantFrom<MagnitudeOptions['split']>('columns', 'rows', 'both'),
        fc.constantFrom<MagnitudeOptions['budget']>('uniform', 'blockRow', 'global'),
        (matrix, grid, split = 'columns', budget = 'uniform') => {
          const mask = projectMagnitude(matrix, grid, { rate: 1, split, budget });
          expect(maskDensity(mask)).toBe(1);
        },
      ),
    );
  });

  it('breaks ties by index', () => {
    const matrix = { rows: 4, columns: 8, values: new Float32Array(32).fill(-1) };
    const mask = projectMagnitude(
      matrix,
      { blockRows: 2, blockColumns: 4 },
      { rate: 2, keepEveryColumn: false },
    );
    expect([...mask.keptColumns]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0]);
    const rows = projectMagnitude(
      matrix,
      { blockRows: 2, blockColumns: 4 },
      { rate: 2, split: 'rows', keepEveryRow: false },
    );
    expect([...rows.keptRows]).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
  });

  it('spreads what rounding leaves over the block rows', () => {
    for (const budget of ['uniform', 'blockRow'] as const) {
      // One and a half columns of six in each of four block rows.
      const mask = projectMagnitude(
        filledMatrix(64, 6),
        { blockRows: 16, blockColumns: 6 },
        { rate: 4, budget },
      );
      expect(maskDensity(mask)).toBe(1 / 4);
    }
  });

  it('spreads what rounding leaves over the blocks of a block row', () => {
    const mask = projectMagnitude(filledMatrix(4, 50), { blockRows: 4, blockColumns: 10 }, { rate: 4 });
    expect(keptCells(mask)).toBe(4 * 13);
    for (let block = 0; block < 5; block++) {
      const kept = countNonZeros(Float32Array.from(mask.keptColumns.slice(block * 10, block * 10 + 10)));
      expect([2, 3]).toContain(kept);
    }
  });
});

describe('what rounding leaves', () => {
  it('goes to the next block where blocks choose their split', () => {
    const cells = (4 * 50) / 3;
    for (let seed = 0; seed < 10; seed++) {
      const mask = projectMagnitude(
        variedMatrix(4, 50, seed),
        { blockRows: 4, blockColumns: 5 },
        { rate: 3, split: 'both', keepEveryRow: false },
      );
      expect(keptCells(mask)).toBeLessThanOrEqual(cells);
      expect(keptCells(mask)).toBeGreaterThan(cells - 5);
    }
  });
});

describe('projectMagnitude with competing columns', () => {
  it('keeps the strongest columns of each block row', () => {
    fc.assert(
      fc.property(tiny, ({ rows, columns, grid, seed, share }) => {
        const matrix = variedMatrix(rows, columns, seed);
        const rate = rateWithin(columns, share);
        const mask = projectMagnitude(matrix, grid, { rate, budget: 'blockRow', keepEveryColumn: false });
        let keptInAll = 0;
        const strips = placesOf(matrix, { ...mask.grid, blockColumns: columns });
        for (const [blockRow, strip] of strips.entries()) {
          const flags = mask.keptColumns.subarray(blockRow * columns, (blockRow + 1) * columns);
          const kept = strip.columns.filter((column) => flags[column] === 1);
          keptInAll += kept.length;
          expect(Math.abs(kept.length - columns / rate)).toBeLessThanOrEqual(1);
          const best = Math.max(
            ...subsets(strip.columns, kept.length).map((choice) => energyOf(matrix, strip.rows, choice)),
          );
          expect(energyOf(matrix, strip.rows, kept)).toBeCloseTo(best, 10);
        }
        expect(Math.abs(keptInAll - (strips.length * columns) / rate)).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
    );
  });

  it('keeps the strongest columns of all block rows of one height', () => {
    fc.assert(
      fc.property(tiny, ({ columns, grid, seed, share }) => {
        const matrix = variedMatrix(3 * grid.blockRows, columns, seed);
        const rate = rateWithin(columns, share);
        const mask = projectMagnitude(matrix, grid, {
          rate,
          budget: 'global',
          keepEveryRow: false,
          keepEveryColumn: false,
        });
        const energies = placesOf(matrix, { ...mask.grid, blockColumns: 1 }).map(
          ({ rows, columns: [column = 0] }) => ({
            energy: energyOf(matrix, rows, [column]),
            kept: mask.keptColumns[Math.floor((rows[0] ?? 0) / grid.blockRows) * columns + column] === 1,
          }),
        );
        const kept = energies.filter((entry) => entry.kept);
        expect(kept.length).toBe(Math.floor((3 * columns) / rate));
        const weakestKept = Math.min(...kept.map(({ energy }) => energy));
        for (const entry of energies) if (!entry.kept) expect(entry.energy).toBeLessThanOrEqual(weakestKept);
      }),
    );
  });

  it('keeps more energy the wider the competition', () => {
    const matrix = variedMatrix(64, 96, 5);
    const grid = { blockRows: 16, blockColumns: 16 };
    const energies = (['uniform', 'blockRow', 'global'] as const).map((budget) =>
      keptEnergy(matrix, projectMagnitude(matrix, grid, { rate: 4, budget })),
    );
    expect(energies[1]).toBeGreaterThan(energies[0] ?? 1);
    expect(energies[2]).toBeGreaterThan(energies[1] ?? 1);
  });

  it('leaves no block row empty unless allowed to', () => {
    const matrix = variedMatrix(12, 16, 3);
    const faint = {
      ...matrix,
      values: matrix.values.map((value, index) => (index < 4 * 16 ? value * 1e-6 : value)),
    };
    const grid = { blockRows: 4, blockColumns: 8 };
    const strict = projectMagnitude(faint, grid, { rate: 4, budget: 'global' });
    expect(strict.keptColumns.subarray(0, 16)).toContain(1);
    expect(keptCells(strict)).toBeLessThanOrEqual((12 * 16) / 4);
    const free = projectMagnitude(faint, grid, { rate: 4, budget: 'global', keepEveryRow: false });
    expect(free.keptColumns.subarray(0, 16)).not.toContain(1);
  });

  it('lets rows compete across blocks too when only the rate is given', () => {
    for (const budget of ['blockRow', 'global'] as const) {
      // In each block energy sits in another number of rows, so no rate for rows suits all of them.
      const matrix = variedMatrix(32, 64, 7);
      for (let index = 0; index < matrix.values.length; index++) {
        const [row, column] = [Math.floor(index / 64), index % 64];
        const strongRows = [1, 6, 2, 4][(Math.floor(row / 8) + Math.floor(column / 16)) % 4] ?? 0;
        matrix.values[index] = (matrix.values[index] ?? 0) * (row % 8 < strongRows ? 1 : 0.02);
      }
      const grid = { blockRows: 8, blockColumns: 16 };
      const given = { rate: 8, budget, keepEveryRow: false, keepEveryColumn: false };
      const joint = projectMagnitude(matrix, grid, { ...given, split: 'both' });
      expect(keptCells(joint)).toBeLessThanOrEqual((32 * 64) / 8);
      for (const rowRate of [2, 4]) {
        const separate = projectMagnitude(matrix, grid, { ...given, rowRate, columnRate: 8 / rowRate });
        expect(keptCells(separate)).toBeLessThanOrEqual((32 * 64) / 8);
        expect(keptEnergy(matrix, joint)).toBeGreaterThanOrEqual(keptEnergy(matrix, separate));
      }
      const columns = projectMagnitude(matrix, grid, given);
      expect(keptEnergy(matrix, joint)).toBeGreaterThan(keptEnergy(matrix, columns) * 1.05);
    }
  });

  it('chooses rows as well, for given rates and for a rate alone', () => {
    const matrix = variedMatrix(32, 64, 11);
    const grid = { blockRows: 8, blockColumns: 16 };
    for (const budget of ['blockRow', 'global'] as const) {
      const given = projectMagnitude(matrix, grid, { rate: 8, rowRate: 2, columnRate: 4, budget });
      expect(maskDensity(given)).toBeCloseTo(1 / 8, 2);
      const free = projectMagnitude(matrix, grid, { rate: 8, split: 'both', budget });
      expect(1 / maskDensity(free)).toBeGreaterThan(7);
      expect(keptEnergy(matrix, free)).toBeGreaterThanOrEqual(
        keptEnergy(matrix, projectMagnitude(matrix, grid, { rate: 8, budget })) - 1e-12,
      );
    }
  });
});

describe('what a projection promises to keep', () => {
  const budgets = fc.constantFrom<MagnitudeOptions['budget']>('uniform', 'blockRow', 'global');

  it('keeps columns and rows in multiples of a quantum, or all', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(2, 4),
        fc.constantFrom(1, 2, 4),
        budgets,
        fc.constantFrom(2, 3, 5),
        fc.integer(),
        (columnQuantum, rowQuantum, budget = 'uniform', rate, seed) => {
          // The last block is 14 columns wide: a group of 2 is left there, which may only be kept with all others.
          const matrix = variedMatrix(24, 46, seed);
          const grid = { blockRows: 8, blockColumns: 16 };
          const mask = projectMagnitude(matrix, grid, {
            rate,
            split: 'both',
            budget,
            columnQuantum,
            rowQuantum,
            keepEveryRow: false,
          });
          for (const place of placesOf(matrix, grid)) {
            const kept = keptIn(matrix, mask, place);
            if (kept.columns.length !== place.columns.length)
              expect(kept.columns.length % columnQuantum).toBe(0);
            if (kept.rows.length !== place.rows.length) expect(kept.rows.length % rowQuantum).toBe(0);
          }
        },
      ),
    );
  });

  it('keeps every row somewhere, and counts per block as they were', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(2, 3, 4), (seed, rate) => {
        const matrix = variedMatrix(16, 32, seed);
        // Some rows are so faint that energy alone would drop them everywhere.
        const values = matrix.values.map((value, index) =>
          Math.floor(index / 32) % 5 === 0 ? value * 1e-5 : value,
        );
        const faint = { ...matrix, values };
        const grid = { blockRows: 8, blockColumns: 8 };
        const free = projectMagnitude(faint, grid, { rate, split: 'rows', keepEveryRow: false });
        const strict = projectMagnitude(faint, grid, { rate, split: 'rows' });
        expect(keptCells(strict)).toBe(keptCells(free));
        for (let row = 0; row < 16; row++) {
          const uses = [0, 1, 2, 3].filter((block) => strict.keptRows[block * 16 + row] === 1);
          expect(uses.length).toBeGreaterThanOrEqual(1);
        }
        for (const place of placesOf(faint, grid)) {
          expect(keptIn(faint, strict, place).rows.length).toBe(keptIn(faint, free, place).rows.length);
        }
        const both = projectMagnitude(faint, grid, { rate: rate * 2, split: 'both' });
        for (let row = 0; row < 16; row++) {
          expect(
            countNonZeros(applyMask(faint, both).values.subarray(row * 32, row * 32 + 32)),
          ).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('keeps every column somewhere when asked to, the diagonal still there', () => {
    fc.assert(
      fc.property(fc.integer(), budgets, fc.boolean(), (seed, budget = 'uniform', keepDiagonal) => {
        const matrix = variedMatrix(32, 16, seed);
        // Some columns are so faint that energy alone would drop them everywhere.
        const values = matrix.values.map((value, index) => (index % 5 === 0 ? value * 1e-5 : value));
        const faint = { ...matrix, values };
        const options = { rate: 2, budget, keepDiagonal };
        const grid = { blockRows: 4, blockColumns: 8 };
        const free = projectMagnitude(faint, grid, options);
        const mask = projectMagnitude(faint, grid, { ...options, keepEveryColumn: true });
        expect(keptCells(mask)).toBe(keptCells(free));
        const pruned = applyMask(faint, mask);
        for (let column = 0; column < 16; column++) {
          const kept = Array.from({ length: 32 }, (_, row) => pruned.values[row * 16 + column] ?? 0);
          expect(kept.some((value) => value !== 0)).toBe(true);
        }
        if (keepDiagonal) {
          for (let row = 0; row < 32; row++) expect(pruned.values[row * 16 + (row % 16)]).not.toBe(0);
        }
      }),
    );
  });

  it('keeps every column by default where block rows allow it, and elsewhere decides by energy', () => {
    fc.assert(
      fc.property(fc.integer(), budgets, fc.integer({ min: 2, max: 8 }), (seed, budget = 'uniform', rate) => {
        const matrix = variedMatrix(16, 32, seed);
        const values = matrix.values.map((value, index) => (index % 5 === 0 ? value * 1e-5 : value));
        const faint = { ...matrix, values };
        const grid = { blockRows: 4, blockColumns: 32 };
        const mask = projectMagnitude(faint, grid, { rate, budget });
        const free = projectMagnitude(faint, grid, { rate, budget, keepEveryColumn: false });
        // Four block rows keep all columns between them up to a rate of 4.
        if (rate > 4) expect(mask).toEqual(free);
        else {
          const { values: kept } = applyMask(faint, mask);
          for (let column = 0; column < 32; column++) {
            expect(Array.from({ length: 16 }, (_, row) => kept[row * 32 + column])).not.toEqual(
              new Array(16).fill(0),
            );
          }
          expect(keptCells(mask)).toBe(keptCells(free));
        }
      }),
    );
  });

  it('keeps something of a matrix that it may take rows from', () => {
    const matrix = variedMatrix(40, 1, 1);
    const options = { rate: 3.2, split: 'both', budget: 'global', keepEveryRow: false } as const;
    const kept = keptCells(projectMagnitude(matrix, { blockRows: 8, blockColumns: 1 }, options));
    expect(kept).toBeGreaterThan(0);
  });

  it('brings a row back where that costs least energy', () => {
    // Energy of rows 0, 1, 2: 9, 4, 1 in the left block and 9, 8, 0.5 in the right one; each block keeps two rows.
    const values = Float32Array.from([9, 0, 9, 0, 4, 0, 8, 0, 1, 0, 0.5, 0], Math.sqrt);
    const matrix = { rows: 3, columns: 4, values };
    const mask = projectMagnitude(matrix, { blockRows: 3, blockColumns: 2 }, { rate: 1.5, split: 'rows' });
    expect([...mask.keptRows]).toEqual([1, 0, 1, 1, 1, 0]);
  });

  it('keeps the diagonal of each gate, and no more cells for it than without', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom<MagnitudeOptions['split']>('columns', 'rows', 'both'),
        budgets,
        fc.constantFrom(1.5, 2),
        (seed, split = 'columns', budget = 'uniform', rate) => {
          fc.pre(split !== 'rows' || budget === 'uniform');
          const hidden = 12;
          const matrix = variedMatrix(3 * hidden, hidden, seed);
          for (let row = 0; row < 3 * hidden; row++) matrix.values[row * hidden + (row % hidden)] = 1e-6;
          const grid = { blockRows: 4, blockColumns: 4 };
          const options = { rate, split, budget, keepEveryRow: false };
          const mask = projectMagnitude(matrix, grid, { ...options, keepDiagonal: true });
          const pruned = applyMask(matrix, mask);
          for (let row = 0; row < 3 * hidden; row++)
            expect(pruned.values[row * hidden + (row % hidden)]).not.toBe(0);
          // A whole column, or row, of a block is what rounding may add.
          expect(keptCells(mask)).toBeLessThanOrEqual((3 * hidden * hidden) / rate + 4);
          expect(keptCells(projectMagnitude(matrix, grid, options))).toBeLessThanOrEqual(
            (3 * hidden * hidden) / rate + 4,
          );
        },
      ),
    );
  });

  it('refuses rates that the diagonal does not allow', () => {
    const matrix = variedMatrix(3 * 64, 64, 1);
    const grid = { blockRows: 16, blockColumns: 16 };
    const keepDiagonal = true;
    // Of four blocks side by side, the diagonal fills one; each of the others keeps a column.
    const most = 1024 / (256 + 3 * 16);
    const mask = projectMagnitude(matrix, grid, { rate: most, keepDiagonal });
    expect(1 / maskDensity(mask)).toBeCloseTo(most, 10);
    expect(() => projectMagnitude(matrix, grid, { rate: 4, keepDiagonal })).toThrow(BeyondReachError);
    expect(() => projectMagnitude(matrix, grid, { rate: 4, keepDiagonal })).toThrow(
      /blocks of 16x16 cannot be pruned 4x and keep the diagonal, which allows 3\.37x/,
    );
    // Where columns compete, the others may keep none.
    const competing = projectMagnitude(matrix, grid, { rate: 4, keepDiagonal, budget: 'blockRow' });
    expect(1 / maskDensity(competing)).toBe(4);
    expect(() => projectMagnitude(matrix, grid, { rate: 4.1, keepDiagonal, budget: 'blockRow' })).toThrow(
      /which allows 4\.00x/,
    );
  });

  it('comes near the rate asked for', () => {
    for (const rate of [2, 4, 8, 10]) {
      for (const split of ['columns', 'both'] as const) {
        const mask = projectMagnitude(
          variedMatrix(128, 256, 1),
          { blockRows: 16, blockColumns: 32 },
          { rate, split },
        );
        expect(1 / maskDensity(mask) / rate).toBeGreaterThan(0.95);
        expect(1 / maskDensity(mask) / rate).toBeLessThan(1.05);
      }
    }
  });

  it('gives a matrix whose zeros every format keeps', () => {
    const matrix = variedMatrix(64, 64, 2);
    const grid = { blockRows: 16, blockColumns: 16 };
    const pruned = applyMask(matrix, projectMagnitude(matrix, grid, { rate: 4, split: 'both' }));
    expect(accountBytes(pruned, grid).nonZeros).toBe(countNonZeros(pruned.values));
    expect(countNonZeros(pruned.values)).toBeLessThanOrEqual(64 * 16);
  });
});

describe('what projectMagnitude refuses', () => {
  const matrix = filledMatrix(8, 8);
  const grid = { blockRows: 4, blockColumns: 4 };
  const refusal =
    (options: MagnitudeOptions): (() => unknown) =>
    () =>
      projectMagnitude(matrix, grid, options);

  it('rates that are no rates or beyond the blocks', () => {
    for (const rate of [0, 0.99, -2, NaN, Infinity]) expect(refusal({ rate })).toThrow(/rate must be/);
    expect(refusal({ rate: 5 })).toThrow(/columns cannot be pruned 5x in blocks of 4x4/);
    expect(refusal({ rate: 4, columnQuantum: 2 })).toThrow(/allow 2x/);
    expect(refusal({ rate: 5, split: 'rows' })).toThrow(/rows cannot be pruned 5x/);
    expect(refusal({ rate: 9, budget: 'blockRow' })).toThrow(/columns cannot be pruned 9x/);
    expect(refusal({ rate: 17, split: 'both', keepEveryRow: false })).toThrow(/cannot be pruned 17x/);
    expect(refusal({ rate: 16, split: 'both' })).toThrow(/allows 8x/);
    expect(projectMagnitude(matrix, grid, { rate: 16, split: 'both', keepEveryRow: false }).grid).toEqual(
      fitGrid(8, 8, grid),
    );
  });

  it('rows that cannot all be kept', () => {
    expect(refusal({ rate: 4, split: 'rows' })).toThrow(/too few rows/);
    expect(refusal({ rate: 8, rowRate: 4, columnRate: 2, budget: 'global' })).toThrow(/too few rows/);
  });

  it('columns that cannot all be kept', () => {
    expect(refusal({ rate: 4, keepEveryColumn: true })).toThrow(/too few columns for every column/);
  });

  it('options that contradict each other', () => {
    expect(refusal({ rate: 4, split: 'columns', rowRate: 2 })).toThrow(/split both/);
    expect(refusal({ rate: 4, rowRate: 2, columnRate: 3 })).toThrow(/must be the rate/);
    expect(refusal({ rate: 4, rowRate: 8 })).toThrow(/columnRate/);
    expect(refusal({ rate: 2, split: 'rows', budget: 'global' })).toThrow(/only rows are pruned/);
    expect(refusal({ rate: 2, columnQuantum: 0 })).toThrow(/columnQuantum/);
    expect(refusal({ rate: 2, rowQuantum: 1.5 })).toThrow(/rowQuantum/);
  });

  it('weights that are not finite, by place', () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const values = matrix.values.slice();
      values[2 * 8 + 5] = value;
      expect(() => projectMagnitude({ ...matrix, values }, grid, { rate: 2 })).toThrow(/row 2, column 5/);
    }
  });
});
