import { applyMask, fitGrid, type BcrMask, type Matrix } from '@grim/bcr';
import type { ReconstructionReport } from '../prune-report.ts';
import { projectWeights } from '../project-weights.ts';
import { chooseByMask, type ChosenWeights } from '../prune-weights.ts';
import type { Assignment } from '../selection/assignment.ts';
import { inverseDiagonal, NotPositiveDefiniteError } from './cholesky.ts';
import {
  factorOver,
  leastSquares,
  productEnergy,
  rowsOfObjective,
  supportOf,
  type Objective,
} from './least-squares.ts';
import { canEliminate, eliminateColumns } from './eliminate-columns.ts';
import { joinBands } from './moments-of.ts';
import { centred, damped, type Moments } from './moments.ts';

/** Steps from everything to the rate, each taking the same share of what is left. */
const stages = 6;

/** Damping where calibration gave enough vectors, and where it gave fewer than columns. */
const dampings = { enough: 1e-3, few: 1e-2 };

/** What {@link reconstructor} tries to reach, and with what. */
export interface ReconstructionTarget {
  readonly matrix: Matrix;
  /** Per layer that has these weights what bands of rows multiply, from the first row to the last. */
  readonly moments: readonly (readonly Moments[])[];
  /** Added to the diagonal of the moments relative to its mean; chosen by the number of vectors when absent. */
  readonly damping?: number;
  /** Whether the bias of the layer makes up for the means of what is lost. */
  readonly correctBias: boolean;
}

/** Weights that were chosen, and how good they are. */
export interface ReconstructedWeights extends ChosenWeights {
  readonly reconstruction: ReconstructionReport;
  /** Energy of what is left of the error, divided by that of the products, both about their means where the bias makes up for these. */
  readonly relativeError: number;
}

/** A function that chooses what a weight keeps under an assignment; what does not depend on rates is found once. */
export type Reconstructor = (assignment: Assignment) => ReconstructedWeights;

/**
 * Chooses what a weight keeps, and the values of what is left, so that its products with the calibration vectors differ least from those of
 * the dense network.
 *
 * Masks compete: that of magnitude; that of weights times the root mean square of what they multiply; and, where whole columns are
 * pruned, what is left when columns go one by one ({@link eliminateColumns}), elsewhere one found in stages by what removing a weight
 * costs once the others make up for it, `w² / [H⁻¹]` (optimal brain surgeon; Hassibi and Stork, 1993), a stage starting from the
 * least-squares weights of the one before. All are projections onto BCR patterns. The least-squares weights with the least error
 * win. Errors compared are damped ones: without damping, that of magnitude may be less by what damping costs.
 *
 * @throws RangeError as `projectMagnitude` does, or when damping is too small for the vectors.
 */
export function reconstructor({
  matrix,
  moments,
  damping,
  correctBias,
}: ReconstructionTarget): Reconstructor {
  const plain: Objective = { matrix, bands: joinBands(moments) };
  const vectors = Math.min(...plain.bands.map((band) => band.vectors));
  const fewVectors = vectors < matrix.columns;
  const relative = damping ?? (fewVectors ? dampings.few : dampings.enough);
  // Each layer has a bias of its own, whoever shares the weights.
  const undamped: Objective = correctBias
    ? { matrix, bands: joinBands(moments.map((bands) => bands.map(centred))) }
    : plain;
  const objective: Objective = { matrix, bands: undamped.bands.map((band) => damped(band, relative)) };
  const scaled = scaledByInputs(objective);
  const eliminated = new Map<number, Matrix>();
  const total = productEnergy(plain);
  const totalLeft = productEnergy(undamped);
  const share = (energy: number, of: number): number => (of > 0 ? energy / of : 0);

  const choose: Reconstructor = (assignment) => {
    const grid = fitGrid(matrix.rows, matrix.columns, assignment.grid);
    const magnitude = projectWeights(matrix, assignment);
    const ordered = (): BcrMask => {
      const found = eliminated.get(grid.blockRows) ?? eliminateColumns(objective, grid);
      eliminated.set(grid.blockRows, found);
      return projectWeights(found, assignment);
    };
    const byColumns = (assignment.projection.split ?? 'columns') === 'columns' && canEliminate(grid);
    const masks = [
      magnitude,
      projectWeights(scaled, assignment),
      byColumns ? ordered() : staged(objective, assignment),
    ];
    const [first, ...others] = masks.map((mask) => {
      const values = leastSquares(objective, mask);
      return { mask, values, energy: productEnergy(objective, values) };
    });
    if (!first) throw new RangeError('there are no masks');
    const best = others.reduce((least, each) => (each.energy < least.energy ? each : least), first);
    const error = productEnergy(undamped, best.values);
    return {
      ...chooseByMask(matrix, best.mask, best.values),
      relativeError: share(error, totalLeft),
      reconstruction: {
        vectors,
        damping: relative,
        fewVectors,
        outputError: share(error, total),
        magnitudeOutputError: share(productEnergy(plain, applyMask(matrix, magnitude).values), total),
      },
    };
  };
  return (assignment) => {
    try {
      return choose(assignment);
    } catch (error) {
      if (!(error instanceof NotPositiveDefiniteError)) throw error;
      throw new RangeError(
        `damping of ${relative} is too small for what ${vectors} calibration vectors tell about ${matrix.columns} columns`,
      );
    }
  };
}

/** Per row by how much the mean of the products of a layer falls short of that in the dense network. */
export function shiftOfMeans(objective: Objective, changed: Float32Array): Float64Array {
  const { columns, values } = objective.matrix;
  return Float64Array.from(rowsOfObjective(objective), ({ row, moments }) => {
    let shift = 0;
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      shift += (values[at] ?? 0) * (moments.denseMean[column] ?? 0);
      shift -= (changed[at] ?? 0) * (moments.mean[column] ?? 0);
    }
    return shift;
  });
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
  // Where inputs are not those of the dense network, other weights than its own are best even without any mask.
  let values = leastSquares(objective, mask);
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
