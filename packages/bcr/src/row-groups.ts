import type { BcrMask } from './bcr-mask.ts';
import { blocksOfRow, keptColumnsOf, keptRowsOf } from './block.ts';
import type { BlockGrid } from './block-grid.ts';
import { maskOf } from './mask-of.ts';
import { checkMatrix, countNonZeros, type Matrix } from './matrix.ts';
import { packRows } from './pack-rows.ts';
import { columnsOfBits, rowPatterns } from './row-patterns.ts';
import { isWorthDisorder } from './worth-disorder.ts';

/** Up to `lanes` rows that one inner loop computes together over one column list. */
export interface RowSegment {
  /** Ascending row numbers of the matrix; lane i computes `rows[i]`. */
  readonly rows: readonly number[];
  /** Whether `rows[i] = rows[0] + i`, so that results can be stored with one vector store. */
  readonly contiguous: boolean;
  /** Ascending columns. Segments with equal lists share one array object, so a list can be stored once. */
  readonly columns: Uint32Array;
  /** `columns.length × lanes` weights: lane i of column j is at `j × lanes + i`; lanes without a row are 0. */
  readonly values: Float32Array;
}

/** A matrix as the rows-in-lanes kernels read it. */
export interface RowGroups {
  /** Segments in the order of their first row. */
  readonly segments: readonly RowSegment[];
  /** Weights stored, padding included; padding is `stored / nonZeros`. */
  readonly stored: number;
  /** Weights of the matrix that are not zero. */
  readonly nonZeros: number;
  /** Whether every row is in exactly one segment; otherwise segments add to what others left. */
  readonly exclusive: boolean;
}

/** How {@link rowGroups} packs a matrix. */
export interface RowGroupOptions {
  /** Rows computed together, 1 or more. */
  readonly lanes: number;
  /** The blocks the matrix was pruned in; without them only exclusive segments are considered. */
  readonly grid?: BlockGrid;
}

/** Rows and columns of one segment before its weights are gathered. */
interface SegmentPlan {
  readonly rows: readonly number[];
  readonly columns: Uint32Array;
}

/**
 * Packs a matrix for kernels that keep `lanes` rows in vector lanes and walk one column list.
 *
 * Every non-zero is stored exactly once and every row is in at least one segment (with no columns when all its weights
 * are zero), so writing each segment of an exclusive packing writes each output. Rows that share a column list over the
 * whole width are packed together, in natural order where possible. Where rows were pruned block by block they
 * seldom share one; then one segment per row subset of a block row, holding the columns of all blocks that keep exactly
 * this subset, is used and `exclusive` is false. Anything but natural order has to store at least a sixteenth less.
 *
 * @param matrix - Weights, `rows × columns`; dense ones give contiguous segments with all columns.
 * @param options - Lanes, and the blocks of the mask.
 * @throws RangeError when the values do not fill the shape, or lanes or blocks are no positive integers.
 */
export function rowGroups(matrix: Matrix, options: RowGroupOptions): RowGroups {
  checkMatrix(matrix);
  const { lanes, grid } = options;
  if (!Number.isInteger(lanes) || lanes < 1) {
    throw new RangeError(`row groups need a positive integer number of lanes, got ${lanes}`);
  }
  const exclusive = exclusiveSegments(matrix, lanes, grid);
  const perBlock = grid ? blockSegments(maskOf(matrix, grid), lanes) : undefined;
  const useBlocks =
    perBlock !== undefined && isWorthDisorder(storedCells(perBlock, lanes), storedCells(exclusive, lanes));
  const plans = useBlocks ? perBlock : exclusive;
  const shareList = listSharing();
  return {
    segments: plans.map((plan) => gather(matrix, { ...plan, columns: shareList(plan.columns) }, lanes)),
    stored: storedCells(plans, lanes),
    nonZeros: countNonZeros(matrix.values),
    exclusive: !useBlocks,
  };
}

/**
 * Segments in which every row is whole. The blocks of the grid decide which rows belong together, because a few weights
 * that happen to be zero must not scatter them; but where the zeros do not follow the blocks, the rows' own zeros do.
 */
function exclusiveSegments(matrix: Matrix, lanes: number, grid: BlockGrid | undefined): SegmentPlan[] {
  const pack = (blocks?: BlockGrid): SegmentPlan[] =>
    packRows(matrix.rows, lanes, rowPatterns(matrix, blocks)).map(({ rows, bits }) => ({
      rows,
      columns: columnsOfBits(bits),
    }));
  const byCell = pack();
  if (!grid) return byCell;
  const byBlock = pack(grid);
  return isWorthDisorder(storedCells(byCell, lanes), storedCells(byBlock, lanes)) ? byCell : byBlock;
}

/** One segment per row subset of a block row and `lanes` rows of it; rows that no block keeps get an empty list. */
function blockSegments(mask: BcrMask, lanes: number): SegmentPlan[] {
  const plans: SegmentPlan[] = [];
  for (let blockRow = 0; blockRow < mask.grid.blockRowCount; blockRow++) {
    const bySubset = new Map<string, { rows: number[]; columns: number[] }>();
    const blocks = blocksOfRow(mask.grid, blockRow);
    const used = new Set<number>();
    for (const block of blocks) {
      const rows = keptRowsOf(mask, block);
      if (rows.length === 0) continue;
      for (const row of rows) used.add(row);
      const subset = bySubset.get(rows.join()) ?? { rows, columns: [] };
      subset.columns.push(...keptColumnsOf(mask, block));
      bySubset.set(rows.join(), subset);
    }
    const { firstRow = 0, height = 0 } = blocks[0] ?? {};
    const unused = Array.from({ length: height }, (_, offset) => firstRow + offset).filter(
      (row) => !used.has(row),
    );
    for (const { rows, columns } of [...bySubset.values(), { rows: unused, columns: [] }]) {
      const list = Uint32Array.from(columns);
      for (let start = 0; start < rows.length; start += lanes) {
        plans.push({ rows: rows.slice(start, start + lanes), columns: list });
      }
    }
  }
  // Sorting is stable: segments of one row stay in the order of their columns.
  return plans.sort((a, b) => (a.rows[0] ?? 0) - (b.rows[0] ?? 0));
}

function storedCells(plans: readonly SegmentPlan[], lanes: number): number {
  return plans.reduce((sum, plan) => sum + plan.columns.length * lanes, 0);
}

/** Returns the first array seen with the same content, so that equal lists are one object. */
function listSharing(): (list: Uint32Array) => Uint32Array {
  const seen = new Map<string, Uint32Array>();
  return (list) => {
    const key = list.join();
    const first = seen.get(key) ?? list;
    seen.set(key, first);
    return first;
  };
}

function gather({ columns: width, values }: Matrix, plan: SegmentPlan, lanes: number): RowSegment {
  const { rows, columns } = plan;
  const packed = new Float32Array(columns.length * lanes);
  for (const [lane, row] of rows.entries()) {
    for (const [position, column] of columns.entries()) {
      packed[position * lanes + lane] = values[row * width + column] ?? 0;
    }
  }
  const contiguous = rows.every((row, lane) => row === (rows[0] ?? 0) + lane);
  return { rows, contiguous, columns, values: packed };
}
