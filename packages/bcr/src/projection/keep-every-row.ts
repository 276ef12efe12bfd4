import type { Block } from '../block.ts';
import type { Matrix } from '../matrix.ts';
import type { BlockChoice } from './block-choice.ts';
import { rowEnergies } from './block-energy.ts';

/** A block and what it keeps. */
export interface ChosenBlock {
  readonly block: Block;
  readonly choice: Pick<BlockChoice, 'rows' | 'columns'>;
}

/**
 * Brings back rows that no block of a block row keeps. Each takes the place, in one block, of a row that another block
 * keeps as well; of all such exchanges the one that loses least energy. Counts per block stay as they are. (Rows that must be kept for the diagonal never leave: with the
 * diagonal, no row is missing.)
 *
 * @returns Whether every row is kept somewhere now; false when the blocks together keep too few.
 */
export function keepEveryRow(matrix: Matrix, chosen: readonly ChosenBlock[]): boolean {
  const height = chosen[0]?.block.height ?? 0;
  const uses = new Uint32Array(height);
  for (const { choice } of chosen) {
    for (let row = 0; row < height; row++) uses[row] = (uses[row] ?? 0) + (choice.rows[row] ?? 0);
  }
  if (!uses.includes(0)) return true;
  const energies = chosen.map(({ block, choice }) => rowEnergies(matrix, block, choice.columns));
  for (let row = 0; row < height; row++) {
    if (uses[row] !== 0) continue;
    let best: { readonly rows: Uint8Array; readonly leaving: number; readonly loss: number } | undefined;
    for (const [index, { choice }] of chosen.entries()) {
      for (let leaving = 0; leaving < height; leaving++) {
        if (choice.rows[leaving] === 0 || (uses[leaving] ?? 0) < 2) continue;
        const loss = (energies[index]?.[leaving] ?? 0) - (energies[index]?.[row] ?? 0);
        if (!best || loss < best.loss) best = { rows: choice.rows, leaving, loss };
      }
    }
    if (!best) return false;
    best.rows[row] = 1;
    best.rows[best.leaving] = 0;
    uses[row] = 1;
    uses[best.leaving] = (uses[best.leaving] ?? 0) - 1;
  }
  return true;
}
