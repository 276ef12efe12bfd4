import { emptyMask, type BcrMask } from '../bcr-mask.ts';
import type { FittedGrid } from '../block-grid.ts';
import { blockRowsOf, type Block } from '../block.ts';
import type { Matrix } from '../matrix.ts';
import type { BlockChoice, Forced } from './block-choice.ts';
import { columnEnergies, markedEnergy, rowEnergies } from './block-energy.ts';
import { diagonalIn } from './diagonal.ts';
import type { ResolvedMagnitudeOptions } from './magnitude-options.ts';
import { settle } from './settle.ts';
import { byStrength } from './strongest.ts';

/** Halvings of the interval that holds the price. */
const priceSteps = 24;

type PricedBlock = BlockChoice & { readonly block: Block; readonly cells: number };

/** What is the same of a block at every price. */
interface WholeBlock {
  readonly block: Block;
  /** Energies of its columns over all rows. */
  readonly energies: Float64Array;
  readonly forced: Forced | undefined;
}

/**
 * Every kept cell has a price in energy, the same in all blocks that share a budget, and each block keeps the rows and
 * columns that are worth more than their cells cost (the Lagrangian of the budget). The lowest price within the
 * budget is found by halving, so that blocks, rows and columns all compete with each other.
 *
 * @returns `undefined` when not every row can be kept that way.
 */
export function projectPriced(
  matrix: Matrix,
  grid: FittedGrid,
  options: ResolvedMagnitudeOptions,
): BcrMask | undefined {
  const mask = emptyMask(grid);
  const strips = blockRowsOf(grid);
  const markets = options.budget === 'blockRow' ? strips : [strips.flat()];
  for (const blocks of markets) {
    const kept = buy(matrix, grid, blocks, options);
    if (!kept) return undefined;
    const byRow = new Map<number, PricedBlock[]>();
    for (const choice of kept) {
      const row = byRow.get(choice.block.blockRow);
      if (row) row.push(choice);
      else byRow.set(choice.block.blockRow, [choice]);
    }
    for (const blockRow of new Set(blocks.map((block) => block.blockRow))) {
      const chosen = (byRow.get(blockRow) ?? []).map((choice) => ({ block: choice.block, choice }));
      if (chosen.length === 0 && options.keepEveryRow) return undefined;
      if (!settle(matrix, mask, chosen, options)) return undefined;
    }
  }
  return mask;
}

/** What the blocks keep at the lowest price at which they stay within their cells. */
function buy(
  matrix: Matrix,
  grid: FittedGrid,
  blocks: readonly Block[],
  options: ResolvedMagnitudeOptions,
): PricedBlock[] | undefined {
  const budget = blocks.reduce((sum, { height, width }) => sum + height * width, 0) / options.rate;
  const wholes = blocks.map((block): WholeBlock => ({
    block,
    energies: columnEnergies(matrix, block),
    forced: diagonalIn(block, grid, options),
  }));
  const at = (price: number): PricedBlock[] =>
    wholes.flatMap((whole) => {
      const choice = keepAtPrice(matrix, whole, price, options);
      return choice.cells > 0 ? [choice] : [];
    });
  let within: PricedBlock[] | undefined;
  let [low, high] = [0, greatestSquare(matrix)];
  for (let step = 0; step < priceSteps; step++) {
    const price = (low + high) / 2;
    const kept = at(price);
    if (kept.reduce((sum, { cells }) => sum + cells, 0) <= budget) {
      within = kept;
      high = price;
    } else {
      low = price;
    }
  }
  return within;
}

/** Rows and columns of one block that are worth a price per cell, improved in turns from all rows on. */
function keepAtPrice(
  matrix: Matrix,
  { block, energies: ofColumns, forced }: WholeBlock,
  price: number,
  options: ResolvedMagnitudeOptions,
): PricedBlock {
  let rows: Uint8Array | undefined;
  let best: PricedBlock | undefined;
  for (;;) {
    const columns = worth(
      rows ? columnEnergies(matrix, block, rows) : ofColumns,
      price * (rows ? countOnes(rows) : block.height),
      options.columnQuantum,
      forced?.columns,
    );
    const columnCount = countOnes(columns);
    const energies = rowEnergies(matrix, block, columns);
    rows = worth(energies, price * columnCount, options.rowQuantum, forced?.rows);
    const cells = countOnes(rows) * columnCount;
    const choice = { block, rows, columns, cells, energy: markedEnergy(energies, rows) };
    if (best && !(choice.energy - price * cells > best.energy - price * best.cells)) return best;
    best = choice;
    if (cells === 0) return best;
  }
}

/** The strongest groups of `quantum` lines whose energy per line is above a cost; forced lines always. */
function worth(energies: Float64Array, cost: number, quantum: number, forced?: Uint8Array): Uint8Array {
  const flags = new Uint8Array(energies.length);
  if (quantum === 1) {
    // Lines on their own need no order.
    for (const [line, energy] of energies.entries()) {
      if (energy > cost || forced?.[line] === 1) flags[line] = 1;
    }
    return flags;
  }
  const order = byStrength(energies, forced);
  for (let start = 0; start < order.length; start += quantum) {
    const group = order.slice(start, start + quantum);
    const energy = group.reduce((sum, line) => sum + (energies[line] ?? 0), 0);
    const must = group.some((line) => forced?.[line] === 1);
    if (!must && !(energy > cost * group.length)) break;
    for (const line of group) flags[line] = 1;
  }
  return flags;
}

function countOnes(flags: Uint8Array): number {
  let count = 0;
  for (const flag of flags) count += flag;
  return count;
}

function greatestSquare({ values }: Matrix): number {
  let greatest = 0;
  for (const value of values) greatest = Math.max(greatest, value * value);
  return greatest;
}
