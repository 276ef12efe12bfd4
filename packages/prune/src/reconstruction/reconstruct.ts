import { applyMask, type BcrMask, type Matrix } from '@grim/bcr';
import { projectWeights } from '../project-weights.ts';
import { chooseByMask, type ChosenWeights } from '../prune-weights.ts';
import type { Assignment } from '../selection/assignment.ts';
import { inverseDiagonal } from './cholesky.ts';
import {
  factorOver,
  leastSquares,
  productEnergy,
  rowsOfObjective,
  supportOf,
  type Objective,
} from './least-squares.ts';
import type { Moments } from './moments.ts';
import { outputError } from './output-error.ts';

/** Steps from everything to the rate, each taking the same share of what is left. */
const stages = 6;

/** Damping where calibration gave enough vectors, and where it gave fewer than columns. */
const dampings = { enough: 1e-3, few: 1e-2 };

/**
 * Chooses what a weight keeps, and the values of what is left, so that its products with the calibration vectors change least.
 *
 * Three masks compete: that of magnitude; that of weights times the root mean square of what they multiply; and one found
 * in stages by what removing a weight costs once the others make up for it, `w² / [H⁻¹]` (optimal brain surgeon; Hassibi and Stork,
 * 1993), a stage starting from the least-squares weights of the one before. All are projections onto BCR patterns. The
 * least-squares weights with the least error win. Errors compared are damped ones: without damping, that of magnitude may be less by
 * what damping costs.
 *
 * @param matrix - The weights.
 * @param assignment - Blocks and rates.
 * @param moments - What bands of rows multiply.
 * @param damping - Added to the diagonal of the moments relative to its mean; chosen by the number of vectors when absent.
 * @throws RangeError as `projectMagnitude` does.
 */
export function reconstruct(
  matrix: Matrix,
  assignment: Assignment,
  moments: readonly Moments[],
  damping?: number,
): ChosenWeights {
  const vectors = Math.min(...moments.map((band) => band.vectors));
  const fewVectors = vectors < matrix.columns;
  const relative = damping ?? (fewVectors ? dampings.few : dampings.enough);
  const objective: Objective = { matrix, bands: moments.map((band) => damped(band, relative)) };

  const magnitude = projectWeights(matrix, assignment);
  const masks = [
    magnitude,
    projectWeights(scaledByInputs(objective), assignment),
    staged(objective, assignment),
  ];
  const [first, ...others] = masks.map((mask) => {
    const values = leastSquares(objective, mask);
    return { mask, values, energy: productEnergy(objective, values) };
  });
  if (!first) throw new RangeError('there are no masks');
  const best = others.reduce((least, each) => (each.energy < least.energy ? each : least), first);

  const undamped: Objective = { matrix, bands: moments };
  return {
    ...chooseByMask(matrix, best.mask, best.values),
    reconstruction: {
      vectors,
      damping: relative,
      fewVectors,
      outputError: outputError(undamped, best.values),
      magnitudeOutputError: outputError(undamped, applyMask(matrix, magnitude).values),
    },
  };
}

/** Moments with more on the diagonal, which draws weights to what they were where calibration says little. */
function damped(moments: Moments, relative: number): Moments {
  const { columns } = moments;
  const gram = moments.gram.slice();
  let trace = 0;
  for (let column = 0; column < columns; column++) trace += gram[column * columns + column] ?? 0;
  // Without any input all weights count alike.
  const added = trace > 0 ? (relative * trace) / columns : 1;
  for (let column = 0; column < columns; column++) {
    gram[column * columns + column] = (gram[column * columns + column] ?? 0) + added;
  }
  return { ...moments, gram };
}

function scaledByInputs(objective: Objective): Matrix {
  const { matrix } = objective;
  const { columns } = matrix;
  const values = matrix.values.slice();
  for (const { row, moments } of rowsOfObjective(objective)) {
    for (let column = 0; column < columns; column++) {
      const scale = Math.sqrt(moments.gram[column * columns + column] ?? 0);
      values[row * columns + column] = (values[row * columns + column] ?? 0) * scale;
    }
  }
  return { ...matrix, values };
}

function staged(objective: Objective, assignment: Assignment): BcrMask {
  let mask = projectWeights(objective.matrix, assignment, () => 1);
  let values = objective.matrix.values;
  for (let stage = 1; stage <= stages; stage++) {
    const share = stage / stages;
    mask = projectWeights(importance(objective, mask, values), assignment, (rate) => rate ** share);
    if (stage < stages) values = leastSquares(objective, mask);
  }
  return mask;
}

/** `|w| / √[H⁻¹]` over the columns that are still there; 0 elsewhere. */
function importance(objective: Objective, mask: BcrMask, values: Float32Array): Matrix {
  const { matrix } = objective;
  const { columns } = matrix;
  const scores = new Float32Array(values.length);
  const found = new Map<Moments, Map<string, Float64Array>>();
  const supports = new Map<number, number[]>();
  for (const { row, moments } of rowsOfObjective(objective)) {
    // Rows of a block row may keep different columns; their union is near enough for a score and saves a factor per row.
    const blockRow = Math.floor(row / mask.grid.blockRows);
    const support = supports.get(blockRow) ?? unionOfSupports(mask, blockRow);
    supports.set(blockRow, support);
    const key = support.join();
    const byKey = found.get(moments) ?? new Map<string, Float64Array>();
    found.set(moments, byKey);
    const diagonal = byKey.get(key) ?? inverseDiagonal(factorOver(moments, support), support.length);
    byKey.set(key, diagonal);
    for (const [index, column] of support.entries()) {
      const weight = Math.abs(values[row * columns + column] ?? 0);
      scores[row * columns + column] = weight / Math.sqrt(diagonal[index] ?? 1);
    }
  }
  return { ...matrix, values: scores };
}

function unionOfSupports(mask: BcrMask, blockRow: number): number[] {
  const { blockRows, rows } = mask.grid;
  const union = new Set<number>();
  for (let row = blockRow * blockRows; row < Math.min(rows, (blockRow + 1) * blockRows); row++) {
    for (const column of supportOf(mask, row)) union.add(column);
  }
  return [...union].sort((a, b) => a - b);
}
