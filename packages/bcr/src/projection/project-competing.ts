import { emptyMask, type BcrMask } from '../bcr-mask.ts';
import type { FittedGrid } from '../block-grid.ts';
import { blockRowsOf, blocksOf, keptColumnsOf } from '../block.ts';
import { keptCells } from '../kept-cells.ts';
import { keptEnergy } from '../kept-energy.ts';
import type { Matrix } from '../matrix.ts';
import { apportion } from './apportion.ts';
import { rowEnergies } from './block-energy.ts';
import { competeColumns, competingColumns, strongestGroup, type ColumnGroup } from './compete-columns.ts';
import { diagonalIn } from './diagonal.ts';
import type { ChosenBlock } from './keep-every-row.ts';
import { largestRate, splitsTried, type ResolvedMagnitudeOptions } from './magnitude-options.ts';
import { projectPriced } from './project-priced.ts';
import { settle } from './settle.ts';
import { strongest } from './strongest.ts';

/**
 * Columns compete across blocks, then each block keeps its share of rows; `undefined` when these are too few.
 *
 * @param markets - The columns that compete, which do not depend on rates.
 */
export function projectCompeting(
  matrix: Matrix,
  grid: FittedGrid,
  options: ResolvedMagnitudeOptions,
  markets = columnMarkets(matrix, grid, options),
): BcrMask | undefined {
  const { rowRate = 1, columnRate = 1, columnQuantum } = options;
  const mask = emptyMask(grid);
  const strips = blockRowsOf(grid);
  if (options.budget === 'blockRow') {
    const columnCounts = apportion(
      strips.map(() => ({ extent: grid.columns, rate: columnRate })),
      columnQuantum,
    );
    for (const [blockRow, groups] of markets.entries()) {
      const height = strips[blockRow]?.[0]?.height ?? 0;
      competeColumns(mask, groups, (columnCounts[blockRow] ?? 0) * height);
    }
  } else {
    const budget = (grid.rows * grid.columns) / columnRate;
    for (const groups of markets) competeColumns(mask, groups, budget);
  }
  const withColumns = strips.map((blocks) => blocks.filter((block) => keptColumnsOf(mask, block).length > 0));
  const rowCounts = apportion(
    withColumns.flat().map(({ height }) => ({ extent: height, rate: rowRate })),
    options.rowQuantum,
  ).values();
  for (const blocks of withColumns) {
    const chosen = blocks.map((block): ChosenBlock => {
      const columns = mask.keptColumns.slice(
        block.blockRow * grid.columns + block.firstColumn,
        block.blockRow * grid.columns + block.firstColumn + block.width,
      );
      const forcedRows = diagonalIn(block, grid, options)?.rows;
      const energies = rowEnergies(matrix, block, columns);
      const rows = strongest(energies, rowCounts.next().value ?? 0, forcedRows);
      return { block, choice: { rows, columns } };
    });
    if (!settle(matrix, mask, chosen, options)) return undefined;
  }
  return mask;
}

/** The columns that compete with each other: those of each block row, or all. */
function columnMarkets(
  matrix: Matrix,
  grid: FittedGrid,
  options: ResolvedMagnitudeOptions,
): readonly (readonly ColumnGroup[])[] {
  const { columnQuantum } = options;
  const strips = blockRowsOf(grid);
  if (options.budget === 'blockRow') {
    return strips.map((blocks) =>
      competingColumns(matrix, blocks, columnQuantum, (block) => diagonalIn(block, grid, options)?.columns),
    );
  }
  const strongestOf = options.keepEveryRow
    ? strips.map((blocks) => strongestGroup(matrix, blocks, columnQuantum))
    : [];
  const all = competingColumns(matrix, [...blocksOf(grid)], columnQuantum, (block) => {
    const strong = strongestOf[block.blockRow];
    return union(
      diagonalIn(block, grid, options)?.columns,
      strong?.block.blockColumn === block.blockColumn ? strong.flags : undefined,
    );
  });
  return [all];
}

/**
 * Of a price per cell, and of some splits of the rate between rows and columns, the projection that keeps most energy in the
 * whole matrix.
 */
export function bestCompetingSplit(
  matrix: Matrix,
  grid: FittedGrid,
  options: ResolvedMagnitudeOptions,
): BcrMask | undefined {
  const budget = (grid.rows * grid.columns) / options.rate;
  let best: { readonly mask: BcrMask; readonly energy: number; readonly excess: number } | undefined;
  const consider = (mask: BcrMask | undefined): void => {
    const kept = mask ? keptCells(mask) : 0;
    if (!mask || kept === 0) return;
    // Rounding may keep some cells too many, and what must be kept many more: that is no merit.
    const excess = Math.max(0, kept - budget);
    if (best && excess > best.excess) return;
    const energy = keptEnergy(matrix, mask);
    if (!best || excess < best.excess || energy > best.energy) best = { mask, energy, excess };
  };
  if (options.rate > 1) consider(projectPriced(matrix, grid, options));
  const markets = columnMarkets(matrix, grid, options);
  for (let step = splitsTried; step >= 0; step--) {
    const columnRate = options.rate ** (step / splitsTried);
    const rowRate = options.rate / columnRate;
    if (columnRate > largestRate(grid.columns, options.columnQuantum)) continue;
    if (rowRate > largestRate(grid.blockRows, options.rowQuantum)) continue;
    consider(projectCompeting(matrix, grid, { ...options, columnRate, rowRate }, markets));
  }
  return best?.mask;
}

function union(a: Uint8Array | undefined, b: Uint8Array | undefined): Uint8Array | undefined {
  return a && b ? a.map((flag, index) => flag | (b[index] ?? 0)) : (a ?? b);
}
