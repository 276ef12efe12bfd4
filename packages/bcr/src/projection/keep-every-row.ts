import type { Block } from '../block.ts';
import type { Matrix } from '../matrix.ts';
import type { BlockChoice } from './block-choice.ts';
import { rowEnergies } from './block-energy.ts';
import { keepEveryLine } from './keep-every-line.ts';

/** A block and what it keeps. */
export interface ChosenBlock {
  readonly block: Block;
  readonly choice: Pick<BlockChoice, 'rows' | 'columns'>;
}

/**
 * Brings back rows that no block of a block row keeps. Each takes the place, in one block, of a row that another block
 * keeps as well; of all such exchanges the one that loses least energy. Counts per block stay as they are. (Rows that
 * must be kept for the diagonal never leave: with the diagonal, no row is missing.)
 *
 * @returns Whether every row is kept somewhere now; false when the blocks together keep too few.
 */
export function keepEveryRow(matrix: Matrix, chosen: readonly ChosenBlock[]): boolean {
  return keepEveryLine(
    chosen.map(({ choice }) => choice.rows),
    () => chosen.map(({ block, choice }) => rowEnergies(matrix, block, choice.columns)),
  );
}
