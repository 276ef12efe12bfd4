import type { Block } from '../block.ts';
import type { BcrMask } from '../bcr-mask.ts';
import type { Matrix } from '../matrix.ts';
import { columnEnergies } from './block-energy.ts';
import { byStrength } from './strongest.ts';

/** Columns of one block that are kept or pruned together. */
export interface ColumnGroup {
  readonly block: Block;
  readonly columns: readonly number[];
  readonly cells: number;
  readonly energy: number;
  readonly forced: boolean;
}

/**
 * The columns of some blocks, which compete for one budget of cells by their energy per cell: in groups of `quantum` columns, the
 * strongest first, after those with forced columns.
 *
 * @param quantum - Columns of a block are kept in multiples of this, or all.
 * @param forcedColumns - Flags of the columns that a block must keep.
 */
export function competingColumns(
  matrix: Matrix,
  blocks: readonly Block[],
  quantum: number,
  forcedColumns: (block: Block) => Uint8Array | undefined,
): ColumnGroup[] {
  const groups = blocks.flatMap((block) => columnGroups(matrix, block, quantum, forcedColumns(block)));
  return groups.sort(
    (a, b) => Number(b.forced) - Number(a.forced) || b.energy * a.cells - a.energy * b.cells,
  );
}

/**
 * Marks the kept columns of blocks: groups are taken in their order until no further one fits. Where blocks are of one height and
 * their widths are multiples of the quantum, no other choice keeps more energy.
 *
 * @param mask - Receives the columns.
 * @param groups - As {@link competingColumns} has them.
 * @param budget - Cells that may be kept; forced columns are kept even beyond it.
 */
export function competeColumns(mask: BcrMask, groups: readonly ColumnGroup[], budget: number): void {
  const closed = new Set<Block>();
  let kept = 0;
  for (const group of groups) {
    if (!group.forced) {
      if (closed.has(group.block)) continue;
      if (kept + group.cells > budget) {
        // A weaker but narrower group of the same block would break its multiple of the quantum.
        closed.add(group.block);
        continue;
      }
    }
    kept += group.cells;
    for (const column of group.columns)
      mask.keptColumns[group.block.blockRow * mask.grid.columns + column] = 1;
  }
}

/** The blocks' columns by strength in groups of `quantum`; the last group may be smaller. */
function columnGroups(
  matrix: Matrix,
  block: Block,
  quantum: number,
  forced: Uint8Array | undefined,
): ColumnGroup[] {
  const energies = columnEnergies(matrix, block);
  const order = byStrength(energies, forced);
  const groups: ColumnGroup[] = [];
  for (let start = 0; start < order.length; start += quantum) {
    const members = order.slice(start, start + quantum);
    groups.push({
      block,
      columns: members.map((column) => block.firstColumn + column),
      cells: members.length * block.height,
      energy: members.reduce((sum, column) => sum + (energies[column] ?? 0), 0),
      forced: members.some((column) => forced?.[column] === 1),
    });
  }
  return groups;
}

/** The block of a block row that holds its strongest group of columns, and that group as flags of the block. */
export function strongestGroup(
  matrix: Matrix,
  blocks: readonly Block[],
  quantum: number,
): { readonly block: Block; readonly flags: Uint8Array } | undefined {
  const [best] = blocks
    .flatMap((block) => columnGroups(matrix, block, quantum, undefined).slice(0, 1))
    .sort((a, b) => b.energy - a.energy);
  if (!best) return undefined;
  const flags = new Uint8Array(best.block.width);
  for (const column of best.columns) flags[column - best.block.firstColumn] = 1;
  return { block: best.block, flags };
}
