import type { RowSegment } from '@grim/bcr';

import { floatsOf } from '../families/floats.ts';
import { columnCount, type ColumnLists } from '../families/spmv/spmv-problem.ts';
import { matrixRows } from './matrix-operand.ts';
import { packSegments, storedWeights } from './pack-segments.ts';
import type { PackedSpmv } from './pack-spmv.ts';
import type { Product } from './product.ts';
import { runningSums } from './running-sums.ts';
import { splitWork, type Division, type Sharing, type UnitRange } from './split-work.ts';

/** A product that computes some of the results of another one. */
export interface ProductPart {
  readonly product: Product;
  readonly packed: PackedSpmv;
}

function leastCommonMultiple(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return (a / larger) * b;
}

/** Packs some groups with column lists; rows count from `firstRow`. */
function packedLists(
  product: Product,
  packed: PackedSpmv,
  lists: ColumnLists,
  segments: readonly RowSegment[],
  [firstRow, rows]: readonly [firstRow: number, rows: number],
): PackedSpmv {
  const { offset } = product.columns;
  const { groupRows: lanes, weightStreams: streams } = packed.schedule;
  const own = packSegments(segments, {
    lists,
    floats: floatsOf(packed.problem.element),
    lanes,
    streams,
    firstRow,
    rows,
    offset,
  });
  return {
    ...packed,
    ...own,
    segments,
    problem: {
      ...packed.problem,
      rows,
      columns: {
        ...lists,
        groups: segments.length,
        listedColumns: segments.reduce((sum, segment) => sum + segment.columns.length, 0),
      },
    },
    macs: own.weights.length * packed.problem.positions,
  };
}

/** Some whole groups of rows (and what is left after the last one) of a matrix that uses all columns. */
function packedRuns(packed: PackedSpmv, columns: number, firstRow: number, rows: number): PackedSpmv {
  const { problem, schedule, weights } = packed;
  const { groupRows, weightStreams } = schedule;
  const wholeBefore = problem.rows - (problem.rows % groupRows);
  const whole = rows - (rows % groupRows);
  const region = (wholeBefore / weightStreams) * columns;
  const share = (count: number): number => (count / weightStreams) * columns;
  const pieces = Array.from({ length: weightStreams }, (_, stream) =>
    weights.subarray(stream * region + share(firstRow), stream * region + share(firstRow + whole)),
  );
  if (rows > whole) pieces.push(weights.subarray(weightStreams * region));
  const own = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    own.set(piece, at);
    at += piece.length;
  }
  return { ...packed, problem: { ...problem, rows }, weights: own, macs: own.length * problem.positions };
}

/**
 * Floats after the last row that a part may overwrite. What lies there in the whole product may be the next right-hand side,
 * which the whole writes later, but another part at the same time.
 */
function ownSlack({ operand, positions, outputStep, outputSlack, element }: Product): number {
  const { bytes } = floatsOf(element);
  return positions === 1 ? outputSlack : Math.min(outputSlack, outputStep / bytes - operand.matrix.rows);
}

/** The product of rows from `first` on, with their packed weights. */
function rowPart(product: Product, packed: PackedSpmv, first: number): ProductPart {
  const { operand, addend, output } = product;
  const { rows } = packed.problem;
  const slack = first + rows === operand.matrix.rows ? ownSlack(product) : 0;
  return {
    product: {
      ...product,
      operand: matrixRows(operand, first, rows),
      output: { ...output, offset: output.offset + first * floatsOf(product.element).bytes },
      // What follows the rows of a part is another part's.
      outputSlack: slack,
      addend: addend instanceof Float32Array ? addend.subarray(first, first + rows) : addend,
    },
    packed: { ...packed, problem: { ...packed.problem, outputSlack: slack } },
  };
}

/**
 * Rows in units of `unitRows`. Every row is added up as in the whole product: groups keep their order, and one with rows of
 * several parts is computed in each of them.
 */
function scatteredRows(
  product: Product,
  packed: PackedSpmv,
  lists: ColumnLists,
  segments: readonly RowSegment[],
  unitRows: number,
): Division<ProductPart> {
  const { rows } = packed.problem;
  const units = Math.ceil(rows / unitRows);
  const works = new Array<number>(units).fill(0);
  const layout = { lists, floats: floatsOf(product.element), lanes: packed.schedule.groupRows };
  for (const segment of segments) {
    for (const row of segment.rows) {
      const unit = Math.floor(row / unitRows);
      works[unit] = (works[unit] ?? 0) + storedWeights(segment, layout) / segment.rows.length;
    }
  }
  const before = runningSums(works);
  return {
    units,
    workBefore: (unit) => before[unit] ?? 0,
    part: ({ first, end }) => {
      const firstRow = first * unitRows;
      const endRow = Math.min(rows, end * unitRows);
      const own = segments.filter(({ rows }) => rows.some((row) => row >= firstRow && row < endRow));
      const range = [firstRow, endRow - firstRow] as const;
      return rowPart(product, packedLists(product, packed, lists, own, range), firstRow);
    },
  };
}

/** Ways to divide a product by rows, so that every thread reads weights of its own. */
function byRows(product: Product, packed: PackedSpmv): Division<ProductPart>[] {
  const { rows, columns } = packed.problem;
  const floats = floatsOf(product.element);
  const { groupRows } = packed.schedule;
  const units = Math.ceil(rows / groupRows);
  const rowsOf = ({ first, end }: UnitRange): [first: number, count: number] => [
    first * groupRows,
    Math.min(rows, end * groupRows) - first * groupRows,
  ];
  if (columns.kind === 'runs') {
    const part = (range: UnitRange): ProductPart => {
      const [firstRow, count] = rowsOf(range);
      return rowPart(product, packedRuns(packed, columnCount(columns), firstRow, count), firstRow);
    };
    return [{ units, part }];
  }
  const { segments = [] } = packed;
  if (columns.rowOrder === 'consecutive') {
    const before = runningSums(
      segments.map((segment) => storedWeights(segment, { lists: columns, floats, lanes: groupRows })),
    );
    return [
      {
        units,
        workBefore: (unit) => before[unit] ?? 0,
        part: (range) => {
          const own = segments.slice(range.first, range.end);
          const rows = rowsOf(range);
          return rowPart(product, packedLists(product, packed, columns, own, rows), rows[0]);
        },
      },
    ];
  }
  // Rows of one block meet in groups, so cuts between blocks compute no group twice. Sums are handled in vectors.
  const blockRows = leastCommonMultiple(floats.lanes, product.operand.bcr?.blockRows ?? 1);
  return [blockRows, floats.lanes].map((unitRows) =>
    scatteredRows(product, packed, columns, segments, unitRows),
  );
}

/** Right-hand sides divided among calls that share the weights. */
function byPositions(product: Product, packed: PackedSpmv): Division<ProductPart> {
  const { positions } = product;
  const outputSlack = ownSlack({ ...product, positions: 2 });
  const { positionTile } = packed.schedule;
  return {
    units: Math.ceil(positions / positionTile),
    part: (range) => {
      const first = range.first * positionTile;
      const count = Math.min(positions, range.end * positionTile) - first;
      const part: Product = {
        ...product,
        positions: count,
        outputSlack,
        input: { ...product.input, offset: product.input.offset + first * product.inputStep },
        output: { ...product.output, offset: product.output.offset + first * product.outputStep },
      };
      const problem = { ...packed.problem, positions: count, outputSlack };
      return { product: part, packed: { ...packed, problem, macs: (packed.macs / positions) * count } };
    },
  };
}

/** Divides a product for threads, so that every result has the bits it has in one call; the product itself when it is small. */
export function splitProduct(product: Product, packed: PackedSpmv, sharing: Sharing): ProductPart[] {
  if (sharing.threads === 1) return [{ product, packed }];
  const { addend, operand } = product;
  const { lanes } = floatsOf(product.element);
  // Whole vectors are added to what is there, so that parts would undo each other's sums.
  const rest = operand.matrix.rows % lanes;
  if (addend === 'output' && rest > 0 && ownSlack(product) < lanes - rest) return [{ product, packed }];
  const parts = splitWork(
    [...byRows(product, packed), byPositions(product, packed)],
    packed.macs / 2,
    sharing,
  );
  return parts.length > 0 ? parts : [{ product, packed }];
}
