import type { Block } from '../block.ts';
import type { Matrix } from '../matrix.ts';

/** Energy (sum of squares) of each column of a block over the rows that are marked (all when absent). */
export function columnEnergies(matrix: Matrix, block: Block, rowFlags?: Uint8Array): Float64Array {
  const energies = new Float64Array(block.width);
  for (let row = 0; row < block.height; row++) {
    if (rowFlags?.[row] === 0) continue;
    const start = (block.firstRow + row) * matrix.columns + block.firstColumn;
    for (let column = 0; column < block.width; column++) {
      const value = matrix.values[start + column] ?? 0;
      energies[column] = (energies[column] ?? 0) + value * value;
    }
  }
  return energies;
}

/** Energy of each row of a block over the columns that are marked (all when absent). */
export function rowEnergies(matrix: Matrix, block: Block, columnFlags?: Uint8Array): Float64Array {
  const energies = new Float64Array(block.height);
  for (let row = 0; row < block.height; row++) {
    const start = (block.firstRow + row) * matrix.columns + block.firstColumn;
    let sum = 0;
    for (let column = 0; column < block.width; column++) {
      if (columnFlags?.[column] === 0) continue;
      const value = matrix.values[start + column] ?? 0;
      sum += value * value;
    }
    energies[row] = sum;
  }
  return energies;
}

/** Sum of the energies that are marked. */
export function markedEnergy(energies: Float64Array, flags: Uint8Array): number {
  return energies.reduce((sum, energy, index) => (flags[index] === 1 ? sum + energy : sum), 0);
}
