import { GrimError } from '@grim/ir';
import { phaseSetting, pruningSettings } from './pruning-settings.ts';
import type { Pattern } from './projection.ts';
import { projectFinally, retrainingPhase } from './retraining.ts';
import { runMethod } from './run-method.ts';
import { keep, kept, recordTrace, type Phase, type Run } from './run.ts';
import { selectForTraining, type TrainedWeight } from './trained-weights.ts';
import type { TrainedPruning } from './trained-pruning.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingBatches } from './training-batches.ts';
import type { TrainingPhase, TrainingPruneOptions } from './training-options.ts';
import { updateInterval } from './update-interval.ts';
import { groupNorms, weightGroups, type WeightGroups } from './weight-groups.ts';

/** What {@link pruneByReweighting} prunes and how it trains. */
export interface ReweightingOptions extends TrainingPruneOptions {
  /** Training with the penalty. */
  readonly training: TrainingPhase;
  /** Steps between refreshes of what groups are weighted by (default: a twentieth of the phase). */
  readonly stepsPerUpdate?: number;
  /**
   * How much of the loss a weight matrix is worth when all its groups shrink to nothing (default 3). The penalty of a matrix is this
   * many times the mean over its groups, so matrices of all sizes and scales are drawn alike.
   */
  readonly strength?: number;
  /** Added to the norm a group is weighted by, relative to the root mean square over the groups of the matrix (default 0.1). */
  readonly smoothing?: number;
}

const name = 'reweighted';

/** Refreshes in the phase when nothing else is asked for. */
const updates = 20;

/** Groups below this share of the root mean square norm count as weak in the trace. */
const weakNorm = 0.1;

/**
 * Prunes with training by reweighted group lasso.
 *
 * To the loss is added, for each matrix, the strength times the mean over its groups of ‖W_g‖ / (‖W_g'‖ + ε), where a
 * group is a column of a block, a row of a block with split `rows`, or both in turn with `both`, and W' is W when the
 * weights of groups were last refreshed (Candès, Wakin and Boyd 2008, of groups). Weak groups are drawn to zero harder
 * the weaker they are. Groups of which the projection of W' keeps something are let alone: without that, some blocks
 * would lose all of their groups before others lose any, which no rate of the blocks agrees with. Then the weights are
 * projected to the rate, the optimiser is reset, and what is left is retrained.
 *
 * @param trainer - The network, trained beforehand; its parameters are changed.
 * @param batches - What it is trained on.
 * @param options - Rates, blocks, layers and phases.
 * @throws As `pruneByAdmm` does.
 */
export async function pruneByReweighting<Batch>(
  trainer: Trainer<Batch>,
  batches: TrainingBatches<Batch>,
  options: ReweightingOptions,
): Promise<TrainedPruning> {
  const { pattern = 'bcr', strength = 3, smoothing = 0.1 } = options;
  for (const [option, value] of Object.entries({ strength, smoothing })) {
    if (Number.isFinite(value) && value > 0) continue;
    throw new GrimError(`${option} must be a finite number above 0, got ${value}`);
  }
  const stepsPerUpdate = updateInterval(options, batches, updates);
  return runMethod(
    trainer,
    batches,
    {
      name,
      pattern,
      select: (graph) => selectForTraining(graph, options),
      choosesMasks: true,
      phases: (run) => [
        reweightedPhase(run, options.training, { pattern, strength, smoothing, stepsPerUpdate }),
        retrainingPhase(run, options.retraining, () => {
          projectFinally(run);
        }),
      ],
      settings: {
        ...pruningSettings(options),
        training: phaseSetting(options.training, name),
        strength,
        smoothing,
        stepsPerUpdate,
      },
    },
    options,
  );
}

interface Penalty {
  readonly pattern: Pattern;
  readonly strength: number;
  readonly smoothing: number;
  readonly stepsPerUpdate: number;
}

function reweightedPhase(
  run: Run,
  { epochs, learningRate }: TrainingPhase,
  { pattern, strength, smoothing, stepsPerUpdate }: Penalty,
): Phase {
  const steps = epochs * run.batchesPerEpoch;
  const grouped = run.weights.map((weight) => ({ weight, groupings: weightGroups(weight, pattern) }));
  const refresh = (): void => {
    for (const { weight, groupings } of grouped) {
      const mask = weight.project(weight.matrix);
      for (const groups of groupings) weightGroupsAnew(run, weight, groups, mask, smoothing);
    }
  };
  return {
    name,
    epochs,
    learningRate,
    begin: refresh,
    gradients: (ofLoss) => {
      const gradients = new Map(ofLoss);
      for (const { weight, groupings } of grouped) {
        const gradient = ofLoss.get(weight.name)?.slice();
        if (!gradient) continue;
        for (const groups of groupings) {
          addPenalty(gradient, run, weight, groups, strength / (groupings.length * groups.count));
        }
        gradients.set(weight.name, gradient);
      }
      return gradients;
    },
    afterStep: (done) => {
      if (done % stepsPerUpdate !== 0 && done !== steps) return;
      refresh();
      const measures = grouped.map(({ weight, groupings }) => [
        weight.layer,
        { weak: weak(weight, groupings) },
      ]);
      recordTrace(run, name, done, Object.fromEntries(measures) as Record<string, { weak: number }>);
    },
  };
}

/** What the factors of groups are kept as. */
function factorKey({ kind }: WeightGroups): string {
  return `factor of ${kind}`;
}

function weightGroupsAnew(
  run: Run,
  weight: TrainedWeight,
  groups: WeightGroups,
  mask: Uint8Array,
  smoothing: number,
): void {
  const norms = groupNorms(weight.matrix.values, groups);
  // A matrix of zeros has nothing that could shrink.
  const added = smoothing * rootMeanSquare(norms) || 1;
  const factors = Float32Array.from(norms, (norm) => 1 / (norm + added));
  for (const [index, group] of groups.of.entries()) if (mask[index] === 1) factors[group] = 0;
  keep(run, factorKey(groups), weight, factors, [groups.count]);
}

function addPenalty(
  gradient: Float32Array,
  run: Run,
  weight: TrainedWeight,
  groups: WeightGroups,
  strength: number,
): void {
  const { values } = weight.matrix;
  const norms = groupNorms(values, groups);
  const factors = kept(run, factorKey(groups), weight, groups.count);
  const slopes = norms.map((norm, group) => (norm > 0 ? (strength * (factors[group] ?? 0)) / norm : 0));
  for (const [index, group] of groups.of.entries()) {
    gradient[index] = (gradient[index] ?? 0) + (slopes[group] ?? 0) * (values[index] ?? 0);
  }
}

function weak(weight: TrainedWeight, groupings: readonly WeightGroups[]): number {
  const shares = groupings.map((groups) => {
    const norms = groupNorms(weight.matrix.values, groups);
    const limit = weakNorm * rootMeanSquare(norms);
    return norms.filter((norm) => norm < limit).length / norms.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}
