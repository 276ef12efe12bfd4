import { projectMagnitude, stackMasks, type BcrMask, type Matrix } from '@grim/bcr';
import type { Assignment } from './selection/assignment.ts';

/**
 * The projection of a matrix as it is assigned to it, gate by gate where their rates differ.
 *
 * @param matrix - What is projected: weights, or how much each of them matters.
 * @param assignment - Blocks and rates.
 * @param share - How far to go, from 0 to 1: the rates are taken to this power.
 * @throws RangeError as `projectMagnitude` does.
 */
export function projectWeights(
  matrix: Matrix,
  { grid, projection, gateRates }: Pick<Assignment, 'gateRates' | 'grid' | 'projection'>,
  share = 1,
): BcrMask {
  if (!gateRates) return projectMagnitude(matrix, grid, { ...projection, rate: projection.rate ** share });
  const { columns, values } = matrix;
  const rows = matrix.rows / gateRates.length;
  const masks = gateRates.map((rate, gate) => {
    const band = values.subarray(gate * rows * columns, (gate + 1) * rows * columns);
    return projectMagnitude({ rows, columns, values: band }, grid, { ...projection, rate: rate ** share });
  });
  return stackMasks(masks);
}
