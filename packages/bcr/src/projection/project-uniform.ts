import { emptyMask, type BcrMask } from '../bcr-mask.ts';
import type { FittedGrid } from '../block-grid.ts';
import type { Block } from '../block.ts';
import type { Matrix } from '../matrix.ts';
import { apportion, toQuantum } from './apportion.ts';
import { chooseInBlock, type BlockChoice } from './block-choice.ts';
import { blockShares, type BlockShare } from './block-shares.ts';
import { diagonalCounts, diagonalIn } from './diagonal.ts';
import type { ChosenBlock } from './keep-every-row.ts';
import { leastRowsKept, splitsTried, type ResolvedMagnitudeOptions } from './magnitude-options.ts';
import { settle } from './settle.ts';

/** Every block gets its share of rows and columns, or of cells; `undefined` when not every row can be kept. */
export function projectUniform(
  matrix: Matrix,
  grid: FittedGrid,
  options: ResolvedMagnitudeOptions,
): BcrMask | undefined {
  const mask = emptyMask(grid);
  const shares = blockShares(grid, options);
  const choose = options.rowRate === undefined ? chooseSplits : chooseCounts;
  const choices = choose(matrix, grid, shares, options);
  for (let blockRow = 0; blockRow < grid.blockRowCount; blockRow++) {
    const first = blockRow * grid.blockColumnCount;
    const inRow = choices.slice(first, first + grid.blockColumnCount);
    if (!settle(matrix, mask, inRow, options)) return undefined;
  }
  return mask;
}

function chooseCounts(
  matrix: Matrix,
  grid: FittedGrid,
  shares: readonly BlockShare[],
  options: ResolvedMagnitudeOptions,
): ChosenBlock[] {
  const rowCounts = apportion(
    shares.map(({ block, rowRate = 1 }) => ({ extent: block.height, rate: rowRate })),
    options.rowQuantum,
  );
  const columnCounts = apportion(
    shares.map(({ block, columnRate = 1 }) => ({ extent: block.width, rate: columnRate })),
    options.columnQuantum,
  );
  return shares.map(({ block }, index) => {
    const forced = diagonalIn(block, grid, options);
    const choice = chooseInBlock(matrix, block, rowCounts[index] ?? 0, columnCounts[index] ?? 0, forced);
    return { block, choice };
  });
}

/** Each block takes the split of its cells between rows and columns that keeps most energy. */
function chooseSplits(
  matrix: Matrix,
  grid: FittedGrid,
  shares: readonly BlockShare[],
  options: ResolvedMagnitudeOptions,
): ChosenBlock[] {
  const leastRows = leastRowsKept(grid, options);
  // Cells that rounding left over in one block are there for the next.
  let cells = 0;
  return shares.map(({ block, rate }) => {
    cells += (block.height * block.width) / rate;
    const forced = diagonalIn(block, grid, options);
    const least = diagonalCounts(block, grid, options) ?? { rows: 1, columns: 1 };
    const splits = splitsOf(
      block,
      cells,
      { rows: Math.max(leastRows, least.rows), columns: least.columns },
      options,
    );
    let best: { readonly choice: BlockChoice; readonly used: number } | undefined;
    for (const { rowCount, columnCount } of splits) {
      const choice = chooseInBlock(matrix, block, rowCount, columnCount, forced);
      if (!best || choice.energy > best.choice.energy) best = { choice, used: rowCount * columnCount };
    }
    if (!best) throw new RangeError(`no split fits blocks of ${grid.blockRows}x${grid.blockColumns}`);
    cells -= best.used;
    return { block, choice: best.choice };
  });
}

/** Row and column counts that fill a number of cells; the smallest when none is within it (at the matrix edge). */
function splitsOf(
  block: Block,
  cells: number,
  least: { readonly rows: number; readonly columns: number },
  { rowQuantum, columnQuantum }: ResolvedMagnitudeOptions,
): { readonly rowCount: number; readonly columnCount: number }[] {
  const splits = rowCountsTried(block.height, least.rows, rowQuantum).map((rowCount) => ({
    rowCount,
    columnCount: Math.max(least.columns, toQuantum(Math.floor(cells / rowCount), block.width, columnQuantum)),
  }));
  const within = splits.filter(({ rowCount, columnCount }) => rowCount * columnCount <= cells);
  return within.length > 0 ? within : splits.slice(-1);
}

/** Counts of rows from all of them down to the fewest, at most about {@link splitsTried}. */
function rowCountsTried(height: number, least: number, quantum: number): number[] {
  const counts = new Set<number>();
  for (let step = splitsTried; step >= 1; step--) {
    const count = toQuantum(Math.round((height * step) / splitsTried), height, quantum);
    if (count > least) counts.add(count);
  }
  counts.add(toQuantum(least, height, quantum));
  return [...counts];
}
