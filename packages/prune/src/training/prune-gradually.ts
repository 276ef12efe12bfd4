import { phaseSetting, pruningSettings } from './pruning-settings.ts';
import { maskGradients, maskInPlace } from './masked.ts';
import { risingRate } from './rising-rate.ts';
import { maskKey, pruneBy, retrainingPhase } from './retraining.ts';
import { runMethod } from './run-method.ts';
import { updateInterval } from './update-interval.ts';
import { keep, kept, recordTrace, type Phase, type Run } from './run.ts';
import { selectForTraining, type TrainedWeight } from './trained-weights.ts';
import type { TrainedPruning } from './trained-pruning.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingBatches } from './training-batches.ts';
import type { TrainingPhase, TrainingPruneOptions } from './training-options.ts';

/** What {@link pruneGradually} prunes and how it trains. */
export interface GradualOptions extends TrainingPruneOptions {
  /** Training while the rate rises. */
  readonly training: TrainingPhase;
  /** Steps between choices of new masks (default: a twentieth of the phase). */
  readonly stepsPerUpdate?: number;
}

const name = 'gradual';

/** Choices of masks in the phase when nothing else is asked for. */
const updates = 20;

/** What the values of weights are kept as that they had when they were pruned. */
const prunedKey = 'pruned';

/**
 * Prunes by magnitude, a little more every so many steps, while the network is trained.
 *
 * After a share t of the phase the sparsity is s (1 − (1 − t)³), where s is the final one (Zhu and Gupta 2017, equation
 * 1). Masks are chosen anew each time: a pruned weight is remembered as it was when it left, competes with what is
 * there by that value, and comes back with it when it is among the strongest again. When the final mask is chosen the
 * optimiser is reset and the rest is retrained.
 *
 * @param trainer - The network, trained beforehand or not; its parameters are changed.
 * @param batches - What it is trained on.
 * @param options - Rates, blocks, layers and phases.
 * @throws As `pruneByAdmm` does.
 */
export async function pruneGradually<Batch>(
  trainer: Trainer<Batch>,
  batches: TrainingBatches<Batch>,
  options: GradualOptions,
): Promise<TrainedPruning> {
  const stepsPerUpdate = updateInterval(options, batches, updates);
  return runMethod(
    trainer,
    batches,
    {
      name,
      pattern: options.pattern ?? 'bcr',
      select: (graph) => selectForTraining(graph, options),
      choosesMasks: true,
      phases: (run) => [
        gradualPhase(run, options.training, stepsPerUpdate),
        retrainingPhase(run, options.retraining, () => {
          for (const weight of run.weights) choose(run, weight, 1);
        }),
      ],
      settings: {
        ...pruningSettings(options),
        training: phaseSetting(options.training, name),
        stepsPerUpdate,
      },
    },
    options,
  );
}

function gradualPhase(run: Run, { epochs, learningRate }: TrainingPhase, stepsPerUpdate: number): Phase {
  const steps = epochs * run.batchesPerEpoch;
  return {
    name,
    epochs,
    learningRate,
    begin: () => {
      for (const weight of run.weights) {
        const { length } = weight.matrix.values;
        keep(run, maskKey, weight, new Float32Array(length).fill(1));
        keep(run, prunedKey, weight, new Float32Array(length));
      }
    },
    gradients: (ofLoss) =>
      maskGradients(ofLoss, new Map(run.weights.map((weight) => [weight.name, kept(run, maskKey, weight)]))),
    afterStep: (done) => {
      for (const weight of run.weights) maskInPlace(weight.matrix.values, kept(run, maskKey, weight));
      if (done % stepsPerUpdate !== 0 && done !== steps) return;
      const measures = run.weights.map(
        (weight) => [weight.layer, { rate: choose(run, weight, done / steps) }] as const,
      );
      recordTrace(run, name, done, Object.fromEntries(measures));
    },
  };
}

/** Chooses a mask anew for a share of the way, among what is there and what was pruned; returns its rate. */
function choose(run: Run, weight: TrainedWeight, share: number): number {
  const { values } = weight.matrix;
  const before = kept(run, maskKey, weight);
  const pruned = kept(run, prunedKey, weight);
  const candidates = values.map((value, index) => (before[index] === 0 ? (pruned[index] ?? 0) : value));
  const mask = weight.project({ ...weight.matrix, values: candidates }, (rate) => risingRate(rate, share));
  values.set(candidates);
  pruned.set(candidates);
  pruneBy(run, weight, mask);
  return mask.length / mask.reduce((sum, flag) => sum + flag, 0);
}
