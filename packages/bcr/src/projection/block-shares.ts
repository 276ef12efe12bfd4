import { BeyondReachError } from '../beyond-reach-error.ts';
import type { FittedGrid } from '../block-grid.ts';
import { blockRowsOf, blocksOf, type Block } from '../block.ts';
import { diagonalCounts } from './diagonal.ts';
import { largestRate, leastRowsKept, type ResolvedMagnitudeOptions } from './magnitude-options.ts';

/** How far one block is pruned. */
export interface BlockShare {
  readonly block: Block;
  /** Cells divided by cells kept. */
  readonly rate: number;
  /** Rows divided by rows kept, and the same for columns; `undefined` where the block chooses its split. */
  readonly rowRate: number | undefined;
  readonly columnRate: number | undefined;
}

/**
 * How far each block is pruned when all have an equal share, row by row. Where the diagonal takes more than the share of a block,
 * the others of its block row have what it leaves.
 *
 * @throws BeyondReachError when the diagonal leaves too little.
 */
export function blockShares(grid: FittedGrid, options: ResolvedMagnitudeOptions): BlockShare[] {
  const { rate, rowRate, columnRate } = options;
  if (!options.keepDiagonal) {
    return Array.from(blocksOf(grid), (block) => ({ block, rate, rowRate, columnRate }));
  }
  return blockRowsOf(grid).flatMap((blocks) => sharesBesideDiagonal(grid, blocks, options));
}

function sharesBesideDiagonal(
  grid: FittedGrid,
  blocks: readonly Block[],
  options: ResolvedMagnitudeOptions,
): BlockShare[] {
  const { rate, rowRate, columnRate } = options;
  const needs = new Map<Block, { readonly rows: number; readonly columns: number }>();
  const areaOf = (some: readonly Block[]): number =>
    some.reduce((sum, { height, width }) => sum + height * width, 0);
  const area = areaOf(blocks);
  let others = blocks;
  let othersRate = rate;
  // What the diagonal takes beyond the share of one block makes the shares of the others smaller, and the diagonal of another too large.
  for (;;) {
    const before = needs.size;
    for (const block of others) {
      const need = diagonalCounts(block, grid, options);
      if (need && need.rows * need.columns * othersRate > block.height * block.width) needs.set(block, need);
    }
    others = blocks.filter((block) => !needs.has(block));
    const taken = [...needs.values()].reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    const least = others.reduce((sum, block) => sum + leastCells(block, grid, options), 0);
    if (taken > 0 && taken + least > area / rate) {
      throw beyondDiagonal(grid, rate, area / (taken + least));
    }
    if (needs.size === before) break;
    othersRate = areaOf(others) / (area / rate - taken);
  }
  const more = others.length > 0 ? othersRate / rate : 1;
  return blocks.map((block): BlockShare => {
    const need = needs.get(block);
    if (need) {
      const [rows, columns] = [block.height / need.rows, block.width / need.columns];
      const chooses = rowRate === undefined;
      return {
        block,
        rate: rows * columns,
        rowRate: chooses ? undefined : rows,
        columnRate: chooses ? undefined : columns,
      };
    }
    return { block, rate: rate * more, ...scaled({ rowRate, columnRate }, more) };
  });
}

/** Rates whose product is a factor greater; what is not pruned stays whole. */
function scaled(
  { rowRate, columnRate }: Pick<BlockShare, 'columnRate' | 'rowRate'>,
  factor: number,
): Pick<BlockShare, 'columnRate' | 'rowRate'> {
  if (rowRate === undefined || columnRate === undefined) return { rowRate, columnRate };
  if (rowRate === 1) return { rowRate, columnRate: columnRate * factor };
  if (columnRate === 1) return { rowRate: rowRate * factor, columnRate };
  return { rowRate: rowRate * Math.sqrt(factor), columnRate: columnRate * Math.sqrt(factor) };
}

/** Cells that a block keeps at the greatest rate. */
function leastCells(block: Block, grid: FittedGrid, options: ResolvedMagnitudeOptions): number {
  const { rowRate, columnRate, rowQuantum, columnQuantum } = options;
  const rows = rowRate === undefined ? leastRowsKept(grid, options) : rowQuantum;
  const least = (extent: number, rate: number | undefined, quantum: number): number =>
    rate === 1 ? extent : Math.min(extent, quantum);
  return least(block.height, rowRate, rows) * least(block.width, columnRate, columnQuantum);
}

function beyondDiagonal(
  { blockRows, blockColumns }: FittedGrid,
  rate: number,
  most: number,
): BeyondReachError {
  return new BeyondReachError(
    `blocks of ${blockRows}x${blockColumns} cannot be pruned ${rate}x and keep the diagonal, which allows ${most.toPrecision(3)}x; smaller blocks allow more`,
  );
}

/**
 * Checks that the diagonal fits where columns compete.
 *
 * @throws BeyondReachError when it does not.
 */
export function checkDiagonal(grid: FittedGrid, options: ResolvedMagnitudeOptions): void {
  if (!options.keepDiagonal) return;
  const markets = options.budget === 'blockRow' ? blockRowsOf(grid) : [[...blocksOf(grid)]];
  const { rate, rowRate = largestRate(grid.blockRows, options.rowQuantum) } = options;
  for (const blocks of markets) {
    let [area, taken] = [0, 0];
    for (const block of blocks) {
      const need = diagonalCounts(block, grid, options);
      area += block.height * block.width;
      if (need) taken += Math.max(need.rows, block.height / rowRate) * need.columns;
    }
    if (taken * rate > area) {
      throw beyondDiagonal(grid, rate, area / taken);
    }
  }
}
