import { emptyMask, type BcrMask } from '../bcr-mask.ts';
import type { FittedGrid } from '../block-grid.ts';
import { blocksOfRow, type Block } from '../block.ts';
import type { Matrix } from '../matrix.ts';
import { apportion, toQuantum } from './apportion.ts';
import { chooseInBlock, type BlockChoice } from './block-choice.ts';
import { diagonalIn } from './diagonal.ts';
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
  for (let blockRow = 0; blockRow < grid.blockRowCount; blockRow++) {
    const blocks = blocksOfRow(grid, blockRow);
    const choices =
      options.rowRate === undefined
        ? chooseSplits(matrix, grid, blocks, options)
        : chooseCounts(matrix, grid, blocks, options, options.rowRate, options.columnRate ?? 1);
    if (!settle(matrix, mask, choices, options)) return undefined;
  }
  return mask;
}

function chooseCounts(
  matrix: Matrix,
  grid: FittedGrid,
  blocks: readonly Block[],
  options: ResolvedMagnitudeOptions,
  rowRate: number,
  columnRate: number,
): ChosenBlock[] {
  const rowCounts = apportion(
    blocks.map(({ height }) => height),
    rowRate,
    options.rowQuantum,
  );
  const columnCounts = apportion(
    blocks.map(({ width }) => width),
    columnRate,
    options.columnQuantum,
  );
  return blocks.map((block, index) => {
    const forced = diagonalIn(block, grid, options);
    const choice = chooseInBlock(matrix, block, rowCounts[index] ?? 0, columnCounts[index] ?? 0, forced);
    return { block, choice };
  });
}

/** Each block takes the split of its cells between rows and columns that keeps most energy. */
function chooseSplits(
  matrix: Matrix,
  grid: FittedGrid,
  blocks: readonly Block[],
  options: ResolvedMagnitudeOptions,
): ChosenBlock[] {
  // Cells that rounding left over in one block are there for the next.
  let cells = 0;
  return blocks.map((block) => {
    cells += (block.height * block.width) / options.rate;
    const forced = diagonalIn(block, grid, options);
    const splits = splitsOf(block, cells, leastRowsKept(grid, options), options);
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
  leastRows: number,
  { rowQuantum, columnQuantum }: ResolvedMagnitudeOptions,
): { readonly rowCount: number; readonly columnCount: number }[] {
  const splits = rowCountsTried(block.height, leastRows, rowQuantum).map((rowCount) => ({
    rowCount,
    columnCount: toQuantum(Math.floor(cells / rowCount), block.width, columnQuantum),
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
