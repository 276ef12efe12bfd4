import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowGroups, type Matrix, type RowGroups } from '../src/index.ts';
import { filledMatrix, sparseArbitrary } from './matrices.ts';

const lanesArbitrary = fc.constantFrom(1, 2, 4, 8, 16);

/** Adds every stored weight back at its place and counts how often each place was written. */
function scatter(
  groups: RowGroups,
  matrix: Matrix,
  lanes: number,
): { values: Float32Array; writes: Uint8Array } {
  const values = new Float32Array(matrix.rows * matrix.columns);
  const writes = new Uint8Array(values.length);
  for (const segment of groups.segments) {
    segment.rows.forEach((row, lane) => {
      segment.columns.forEach((column, position) => {
        values[row * matrix.columns + column] = segment.values[position * lanes + lane] ?? NaN;
        writes[row * matrix.columns + column] = (writes[row * matrix.columns + column] ?? 0) + 1;
      });
    });
  }
  return { values, writes };
}

describe('rowGroups', () => {
  it('stores every non-zero exactly once, with and without the grid', () => {
    fc.assert(
      fc.property(sparseArbitrary, lanesArbitrary, fc.boolean(), ({ matrix, grid }, lanes, useGrid) => {
        const groups = rowGroups(matrix, useGrid ? { lanes, grid } : { lanes });
        const { values, writes } = scatter(groups, matrix, lanes);
        matrix.values.forEach((value, index) => {
          if (value !== 0) expect(writes[index]).toBe(1);
          expect(writes[index] ?? 0).toBeLessThanOrEqual(1);
          expect((values[index] ?? NaN) + 0).toBe(value + 0);
        });
      }),
    );
  });

  it('puts every row in one segment when exclusive, and in at least one always', () => {
    fc.assert(
      fc.property(sparseArbitrary, lanesArbitrary, fc.boolean(), ({ matrix, grid }, lanes, useGrid) => {
        const groups = rowGroups(matrix, useGrid ? { lanes, grid } : { lanes });
        const seen = new Uint32Array(matrix.rows);
        for (const { rows } of groups.segments) for (const row of rows) seen[row] = (seen[row] ?? 0) + 1;
        for (const count of seen) {
          if (groups.exclusive) expect(count).toBe(1);
          else expect(count).toBeGreaterThanOrEqual(1);
        }
        if (!useGrid) expect(groups.exclusive).toBe(true);
      }),
    );
  });

  it('describes its segments truthfully', () => {
    fc.assert(
      fc.property(sparseArbitrary, lanesArbitrary, ({ matrix, grid }, lanes) => {
        const groups = rowGroups(matrix, { lanes, grid });
        let stored = 0;
        const lists = new Map<string, Uint32Array>();
        let previousFirst = 0;
        for (const segment of groups.segments) {
          stored += segment.values.length;
          expect(segment.values.length).toBe(segment.columns.length * lanes);
          expect(segment.rows.length).toBeGreaterThanOrEqual(1);
          expect(segment.rows.length).toBeLessThanOrEqual(lanes);
          expect(segment.rows[0]).toBeGreaterThanOrEqual(previousFirst);
          previousFirst = segment.rows[0] ?? 0;
          expect([...segment.rows]).toEqual([...new Set(segment.rows)].sort((a, b) => a - b));
          expect([...segment.columns]).toEqual([...new Set(segment.columns)].sort((a, b) => a - b));
          expect(segment.contiguous).toBe(
            segment.rows.every((row, lane) => row === (segment.rows[0] ?? 0) + lane),
          );
          for (let position = 0; position < segment.columns.length; position++) {
            for (let lane = segment.rows.length; lane < lanes; lane++) {
              expect(segment.values[position * lanes + lane]).toBe(0);
            }
          }
          const key = segment.columns.join();
          expect(lists.get(key) ?? segment.columns).toBe(segment.columns);
          lists.set(key, segment.columns);
        }
        expect(groups.stored).toBe(stored);
        expect(groups.nonZeros).toBe(matrix.values.filter((value) => value !== 0).length);
      }),
    );
  });

  it('never stores more than rows in natural order with the union of their columns would', () => {
    fc.assert(
      fc.property(sparseArbitrary, lanesArbitrary, ({ matrix }, lanes) => {
        let natural = 0;
        for (let first = 0; first < matrix.rows; first += lanes) {
          for (let column = 0; column < matrix.columns; column++) {
            let used = false;
            for (let row = first; row < Math.min(matrix.rows, first + lanes); row++) {
              used ||= matrix.values[row * matrix.columns + column] !== 0;
            }
            if (used) natural += lanes;
          }
        }
        expect(rowGroups(matrix, { lanes }).stored).toBeLessThanOrEqual(natural);
      }),
    );
  });

  it('packs a dense matrix in natural order without padding', () => {
    const groups = rowGroups(filledMatrix(24, 10), { lanes: 8, grid: { blockRows: 8, blockColumns: 5 } });
    expect(groups.exclusive).toBe(true);
    expect(groups.stored).toBe(groups.nonZeros);
    expect(groups.segments.map(({ rows }) => rows[0])).toEqual([0, 8, 16]);
    for (const segment of groups.segments) {
      expect(segment.contiguous).toBe(true);
      expect(segment.columns).toBe(groups.segments[0]?.columns);
      expect([...segment.columns]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });

  it('keeps natural order when a weight inside a dense matrix happens to be zero', () => {
    const matrix = filledMatrix(16, 6);
    matrix.values[5 * 6 + 3] = 0;
    const groups = rowGroups(matrix, { lanes: 8 });
    expect(groups.stored).toBe(96);
    expect(groups.segments.every(({ contiguous }) => contiguous)).toBe(true);
  });

  it('gathers rows with one list from different block rows', () => {
    const { rows, columns, values } = filledMatrix(16, 4);
    // Rows alternate in pairs between columns {0, 1} and columns {2, 3}.
    const striped = values.map((value, index) => {
      const pair = Math.floor(index / columns / 2) % 2;
      return Math.floor((index % columns) / 2) === pair ? value : 0;
    });
    const groups = rowGroups(
      { rows, columns, values: striped },
      { lanes: 8, grid: { blockRows: 2, blockColumns: 4 } },
    );
    expect(groups.stored).toBe(groups.nonZeros);
    expect(groups.segments.map((segment) => segment.rows)).toEqual([
      [0, 1, 4, 5, 8, 9, 12, 13],
      [2, 3, 6, 7, 10, 11, 14, 15],
    ]);
    expect(groups.segments[0]?.contiguous).toBe(false);
  });

  it('groups rows by their blocks even when a kept weight happens to be zero', () => {
    const { rows, columns, values } = filledMatrix(16, 4);
    const striped = values.map((value, index) => {
      const pair = Math.floor(index / columns / 2) % 2;
      return Math.floor((index % columns) / 2) === pair ? value : 0;
    });
    striped[4 * columns] = 0;
    const groups = rowGroups(
      { rows, columns, values: striped },
      { lanes: 4, grid: { blockRows: 2, blockColumns: 4 } },
    );
    expect(groups.segments.map((segment) => [...segment.rows])).toEqual([
      [0, 1, 4, 5],
      [2, 3, 6, 7],
      [8, 9, 12, 13],
      [10, 11, 14, 15],
    ]);
    expect(groups.stored).toBe(groups.nonZeros + 1);
  });

  it('uses one segment per row subset of a block row when rows were pruned block by block', () => {
    const { rows, columns, values } = filledMatrix(8, 8);
    // Even rows use blocks 0 and 2, all rows but the first four use block 1, block 3 is empty.
    const pruned = values.map((value, index) => {
      const row = Math.floor(index / columns);
      const block = Math.floor((index % columns) / 2);
      if (block === 3) return 0;
      return (block === 1 ? row >= 4 : row % 2 === 0) ? value : 0;
    });
    const groups = rowGroups(
      { rows, columns, values: pruned },
      { lanes: 4, grid: { blockRows: 8, blockColumns: 2 } },
    );
    expect(groups.exclusive).toBe(false);
    expect(groups.stored).toBe(groups.nonZeros);
    expect(groups.segments.map((segment) => [[...segment.rows], [...segment.columns]])).toEqual([
      [
        [0, 2, 4, 6],
        [0, 1, 4, 5],
      ],
      [[1, 3], []],
      [
        [4, 5, 6, 7],
        [2, 3],
      ],
    ]);
  });

  it('follows the zeros themselves where they do not follow the blocks', () => {
    const { rows, columns, values } = filledMatrix(8, 16);
    // Row r uses columns c with (r + c) even: in a block of 8x16 every row and column has a non-zero.
    const checkered = values.map((value, index) => {
      return (Math.floor(index / columns) + (index % columns)) % 2 === 0 ? value : 0;
    });
    const groups = rowGroups(
      { rows, columns, values: checkered },
      { lanes: 4, grid: { blockRows: 8, blockColumns: 16 } },
    );
    expect(groups.stored).toBe(groups.nonZeros);
    expect(groups.segments.map((segment) => [...segment.rows])).toEqual([
      [0, 2, 4, 6],
      [1, 3, 5, 7],
    ]);
  });

  /** A matrix whose row r has weights in the columns `lists[r]`. */
  function withLists(columns: number, lists: readonly (readonly number[])[]): Matrix {
    const values = new Float32Array(lists.length * columns);
    lists.forEach((list, row) => {
      for (const column of list) values[row * columns + column] = 1;
    });
    return { rows: lists.length, columns, values };
  }

  it('joins the groups that share most columns, the first of equals', () => {
    const common = [0, 1, 2, 3, 4, 5, 6, 7];
    const [a, b, c] = [
      [...common, 8, 9],
      [...common, 10, 11],
      [...common, 12, 13],
    ];
    const groups = rowGroups(withLists(14, [a, b, c, a, b, c]), { lanes: 4 });
    expect(groups.segments.map((segment) => [...segment.rows])).toEqual([
      [0, 1, 3, 4],
      [2, 5],
    ]);
    expect(groups.stored).toBe(4 * (12 + 10));
  });

  it('gives rows without weights the free lanes of other groups', () => {
    const a = [0, 1, 2, 3];
    const b = [4, 5, 6, 7];
    const groups = rowGroups(withLists(8, [a, [], a, b, a, b, b, b]), { lanes: 4 });
    expect(groups.segments.map((segment) => [...segment.rows])).toEqual([
      [0, 1, 2, 4],
      [3, 5, 6, 7],
    ]);
    expect(groups.stored).toBe(32);
  });

  it('gives rows without weights a segment, so that their outputs are written', () => {
    const groups = rowGroups({ rows: 5, columns: 3, values: new Float32Array(15) }, { lanes: 4 });
    expect(groups.segments.flatMap(({ rows }) => rows)).toEqual([0, 1, 2, 3, 4]);
    expect(groups.stored).toBe(0);
  });

  it('refuses lanes, blocks and values that do not fit', () => {
    const matrix = filledMatrix(2, 2);
    expect(() => rowGroups(matrix, { lanes: 0 })).toThrow(RangeError);
    expect(() => rowGroups(matrix, { lanes: 1.5 })).toThrow(RangeError);
    expect(() => rowGroups(matrix, { lanes: 4, grid: { blockRows: 0, blockColumns: 1 } })).toThrow(
      RangeError,
    );
    expect(() => rowGroups({ ...matrix, rows: 3 }, { lanes: 4 })).toThrow(RangeError);
    expect(() => rowGroups({ ...matrix, rows: 0 }, { lanes: 4 })).toThrow(RangeError);
  });
});
