import { applyMask } from './apply-mask.ts';
import type { BcrMask } from './bcr-mask.ts';
import type { Matrix } from './matrix.ts';

/**
 * Share of a matrix's energy (sum of squares) that a mask keeps, from 0 to 1; 1 for a matrix of zeros.
 *
 * @param matrix - Weights, `rows × columns`.
 * @param mask - A mask over a matrix of the same shape.
 * @throws RangeError when the shapes differ.
 */
export function keptEnergy(matrix: Matrix, mask: BcrMask): number {
  const total = energy(matrix.values);
  return total === 0 ? 1 : energy(applyMask(matrix, mask).values) / total;
}

function energy(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
