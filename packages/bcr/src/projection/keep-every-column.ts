import type { BcrMask } from '../bcr-mask.ts';
import { blocksOf, type Block } from '../block.ts';
import type { Matrix } from '../matrix.ts';
import { columnEnergies } from './block-energy.ts';
import { diagonalIn } from './diagonal.ts';
import { keepEveryLine } from './keep-every-line.ts';

/**
 * Brings back columns that no block row keeps, in place, where that costs least energy; counts per block stay as they are. Where blocks on
 * top of each other keep too few columns, theirs stay as they are too.
 *
 * @returns Whether every column is kept somewhere now.
 */
export function keepEveryColumn(matrix: Matrix, mask: BcrMask, keepDiagonal: boolean): boolean {
  const stacks = new Map<number, Block[]>();
  for (const block of blocksOf(mask.grid)) {
    const rows = keptRowFlags(mask, block);
    // Columns of a block without rows reach no output.
    if (!rows.includes(1)) continue;
    const stack = stacks.get(block.blockColumn);
    if (stack) stack.push(block);
    else stacks.set(block.blockColumn, [block]);
  }
  let isDone = true;
  for (let blockColumn = 0; blockColumn < mask.grid.blockColumnCount; blockColumn++) {
    const blocks = stacks.get(blockColumn);
    if (!blocks) {
      isDone = false;
      continue;
    }
    const flags = blocks.map(({ blockRow, firstColumn, width }) => {
      const start = blockRow * matrix.columns + firstColumn;
      return mask.keptColumns.subarray(start, start + width);
    });
    const energies = (): Float64Array[] =>
      blocks.map((block) => {
        const held = columnEnergies(matrix, block, keptRowFlags(mask, block));
        const forced = diagonalIn(block, mask.grid, { keepDiagonal })?.columns;
        return held.map((energy, column) => (forced?.[column] === 1 ? Infinity : energy));
      });
    if (!keepEveryLine(flags, energies)) isDone = false;
  }
  return isDone;
}

function keptRowFlags(mask: BcrMask, { blockColumn, firstRow, height }: Block): Uint8Array {
  const start = blockColumn * mask.grid.rows + firstRow;
  return mask.keptRows.subarray(start, start + height);
}
