import { keepColumns, projectMagnitude, stackMasks, type BcrMask, type Matrix } from '@grim/bcr';
import type { Assignment } from './selection/assignment.ts';

/**
 * The projection of a matrix as it is assigned to it, gate by gate where their rates differ.
 *
 * @param matrix - What is projected: weights, or how much each of them matters.
 * @param assignment - Blocks and rates.
 * @param rateOf - The rate to use for an assigned one, on the way to it.
 * @throws RangeError, and BeyondReachError, as `projectMagnitude` does.
 */
export function projectWeights(
  matrix: Matrix,
  { grid, projection, gateRates }: Pick<Assignment, 'gateRates' | 'grid' | 'projection'>,
  rateOf: (rate: number) => number = (rate) => rate,
): BcrMask {
  if (!gateRates) return projectMagnitude(matrix, grid, { ...projection, rate: rateOf(projection.rate) });
  const { columns, values } = matrix;
  const rows = matrix.rows / gateRates.length;
  const masks = gateRates.map((rate, gate) => {
    const band = values.subarray(gate * rows * columns, (gate + 1) * rows * columns);
    // A column that one gate drops may be kept by another.
    const options = { ...projection, rate: rateOf(rate), keepEveryColumn: false };
    return projectMagnitude({ rows, columns, values: band }, grid, options);
  });
  const stacked = stackMasks(masks);
  keepColumns(matrix, stacked, projection);
  return stacked;
}
