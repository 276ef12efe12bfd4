import { GrimError } from '@grim/ir';
import {
  isProximal,
  resolvePenalty,
  type AdaptivePenalty,
  type ResolvedPenalty,
  type StagedPenalty,
} from './admm-penalty.ts';
import { phaseSetting, pruningSettings } from './pruning-settings.ts';
import { risingRate } from './rising-rate.ts';
import { projectFinally, retrainingPhase } from './retraining.ts';
import { masked } from './masked.ts';
import { updateInterval } from './update-interval.ts';
import { runMethod } from './run-method.ts';
import { keep, kept, recordTrace, type Phase, type Run } from './run.ts';
import { selectForTraining, type TrainedWeight } from './trained-weights.ts';
import type { TrainedPruning, WeightMeasures } from './trained-pruning.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingBatches } from './training-batches.ts';
import type { TrainingPhase, TrainingPruneOptions } from './training-options.ts';

/** What {@link pruneByAdmm} prunes and how it trains. */
export interface AdmmOptions extends TrainingPruneOptions {
  /** Training towards the pattern. */
  readonly training: TrainingPhase;
  /** How hard weights are drawn to the pattern; staged by default. */
  readonly penalty?: AdaptivePenalty | StagedPenalty;
  /** Steps between updates of what weights are drawn to (default: a tenth of the phase). */
  readonly stepsPerUpdate?: number;
  /**
   * What part of the phase it takes until weights are drawn to the whole rate (default 0.5); before, they are drawn to
   * lower ones along a cubic schedule (as in rounds, Ye et al. 2018). 0 draws them to the whole rate from the start.
   */
  readonly risingShare?: number;
  /**
   * What share of W − Z is added to U in an update, from 0 to 1 (default 0.5): the less, the fewer other masks are
   * tried. With 0 weights are drawn to their own projection.
   */
  readonly dualStep?: number;
}

const name = 'admm';

/** Updates in the phase when nothing else is asked for: with many, U grows faster than W can follow. */
const updates = 10;

/**
 * Prunes with training by the alternating direction method of multipliers (ADMM; the paper's method).
 *
 * Weights W are trained on loss + Σ ρ/2 ‖W − Z + U‖². Every so many steps Z becomes the projection of W + U onto the
 * pattern, at a rate that rises to the whole one, and U grows by a part of W − Z, so that weights come near the pattern
 * while the loss still has its say. Then the weights are projected, the optimiser is reset, and what is left is
 * retrained.
 *
 * Weights are drawn by proximal steps unless told otherwise: an optimiser that divides gradients by their size, as Adam
 * does, would do the same to the penalty, and draw at full speed however small ρ is. Too small a ρ lets U grow while W
 * stays, and the masks become arbitrary: the trace shows it by a primal residual that does not fall.
 *
 * The result is the same each time where the trainer and the batches are. Selection, and what stays dense, are those of `pruneByMagnitude`.
 *
 * @param trainer - The network, trained beforehand; its parameters are changed.
 * @param batches - What it is trained on.
 * @param options - Rates, blocks, layers and phases.
 * @throws `GrimError` as `pruneByMagnitude` does; naming layer, phase and step when a loss, gradient or weight is not finite; when a
 * checkpoint does not fit. What the abort signal has as its reason when it stops the run.
 */
export async function pruneByAdmm<Batch>(
  trainer: Trainer<Batch>,
  batches: TrainingBatches<Batch>,
  options: AdmmOptions,
): Promise<TrainedPruning> {
  const penalty = resolvePenalty(options.penalty ?? { schedule: 'staged' });
  const stepsPerUpdate = updateInterval(options, batches, updates);
  const { dualStep = 0.5, risingShare = 0.5 } = options;
  for (const [option, value] of Object.entries({ dualStep, risingShare })) {
    if (value >= 0 && value <= 1) continue;
    throw new GrimError(`${option} must be a number from 0 to 1, got ${value}`);
  }
  return runMethod(
    trainer,
    batches,
    {
      name,
      pattern: options.pattern ?? 'bcr',
      select: (graph) => selectForTraining(graph, options),
      choosesMasks: true,
      phases: (run) => [
        admmPhase(run, options.training, { penalty, dualStep, risingShare, stepsPerUpdate }),
        retrainingPhase(run, options.retraining, () => {
          projectFinally(run);
        }),
      ],
      settings: {
        ...pruningSettings(options),
        training: phaseSetting(options.training, name),
        penalty,
        stepsPerUpdate,
        dualStep,
        risingShare,
      },
    },
    options,
  );
}

interface AdmmChoices {
  readonly penalty: ResolvedPenalty;
  readonly dualStep: number;
  readonly risingShare: number;
  readonly stepsPerUpdate: number;
}

function admmPhase(run: Run, { epochs, learningRate }: TrainingPhase, choices: AdmmChoices): Phase {
  const { penalty, risingShare, stepsPerUpdate } = choices;
  const proximal = isProximal(penalty);
  const steps = epochs * run.batchesPerEpoch;
  const stageAfter = (done: number): number =>
    penalty.schedule === 'staged' ? Math.floor((done * penalty.stages) / steps) : 0;
  const rising = risingShare * steps;
  const shareAfter = (done: number): number => (done < rising ? done / rising : 1);
  return {
    name,
    epochs,
    learningRate,
    begin: () => {
      for (const weight of run.weights) startWith(run, weight, penalty.initial, shareAfter(stepsPerUpdate));
    },
    gradients: (ofLoss) => {
      if (proximal) return ofLoss;
      const gradients = new Map(ofLoss);
      for (const weight of run.weights) {
        const ofWeight = ofLoss.get(weight.name);
        if (ofWeight) gradients.set(weight.name, withPenalty(run, weight, ofWeight));
      }
      return gradients;
    },
    afterStep: (done, rate) => {
      if (proximal) for (const weight of run.weights) draw(run, weight, rate);
      if (done % stepsPerUpdate === 0 || done === steps) {
        const measures = run.weights.map(
          (weight) =>
            [weight.layer, update(run, weight, shareAfter(done + stepsPerUpdate), choices)] as const,
        );
        recordTrace(run, name, done, Object.fromEntries(measures));
      }
      if (penalty.schedule !== 'staged' || done === steps) return;
      const stage = stageAfter(done);
      if (stage === stageAfter(done - 1)) return;
      const rho = penalty.initial * penalty.factor ** stage;
      for (const weight of run.weights) startWith(run, weight, rho, shareAfter(done + stepsPerUpdate));
    },
  };
}

function startWith(run: Run, weight: TrainedWeight, rho: number, share: number): void {
  const { values } = weight.matrix;
  const mask = weight.project(weight.matrix, (rate) => risingRate(rate, share));
  keep(run, 'z', weight, masked(values, mask));
  keep(run, 'u', weight, new Float32Array(values.length));
  run.memory.numbers.set(rhoKey(weight), rho);
}

function withPenalty(run: Run, weight: TrainedWeight, gradient: Float32Array): Float32Array {
  const { values } = weight.matrix;
  const z = kept(run, 'z', weight);
  const u = kept(run, 'u', weight);
  const rho = rhoOf(run, weight);
  return gradient.map(
    (value, index) => value + rho * ((values[index] ?? 0) - (z[index] ?? 0) + (u[index] ?? 0)),
  );
}

/** The proximal operator of the penalty, in place. */
function draw(run: Run, weight: TrainedWeight, learningRate: number): void {
  const { values } = weight.matrix;
  const z = kept(run, 'z', weight);
  const u = kept(run, 'u', weight);
  const strength = learningRate * rhoOf(run, weight);
  const share = strength / (1 + strength);
  for (const [index, value] of values.entries()) {
    values[index] = value + share * ((z[index] ?? 0) - (u[index] ?? 0) - value);
  }
}

/** New Z and U, and how far weights are from the pattern, and the pattern from where it was. */
function update(
  run: Run,
  weight: TrainedWeight,
  share: number,
  { penalty, dualStep }: AdmmChoices,
): WeightMeasures {
  const { matrix } = weight;
  const z = kept(run, 'z', weight);
  const u = kept(run, 'u', weight);
  const sum = matrix.values.map((value, index) => value + (u[index] ?? 0));
  const mask = weight.project({ ...matrix, values: sum }, (rate) => risingRate(rate, share));
  const next = masked(sum, mask);
  let [primal, moved, size] = [0, 0, 0];
  for (const [index, value] of matrix.values.entries()) {
    const target = next[index] ?? 0;
    primal += (value - target) ** 2;
    moved += (target - (z[index] ?? 0)) ** 2;
    size += value ** 2;
    u[index] = (u[index] ?? 0) + dualStep * (value - target);
  }
  z.set(next);
  const rho = rhoOf(run, weight);
  const norms = { primal: Math.sqrt(primal), dual: rho * Math.sqrt(moved) };
  if (penalty.schedule === 'adaptive') {
    const { factor, ratio, maximum } = penalty;
    if (norms.primal > ratio * norms.dual) changeRho(run, weight, Math.min(factor, maximum / rho));
    else if (norms.dual > ratio * norms.primal) changeRho(run, weight, 1 / factor);
  }
  return { primal: size > 0 ? Math.sqrt(primal / size) : 0, dual: norms.dual, rho };
}

function rhoKey({ name: weight }: TrainedWeight): string {
  return `rho/${weight}`;
}

function rhoOf({ memory }: Run, weight: TrainedWeight): number {
  const rho = memory.numbers.get(rhoKey(weight));
  if (rho === undefined) throw new GrimError('the checkpoint holds no rho of it', { layer: weight.layer });
  return rho;
}

function changeRho(run: Run, weight: TrainedWeight, factor: number): void {
  run.memory.numbers.set(rhoKey(weight), rhoOf(run, weight) * factor);
  const u = kept(run, 'u', weight);
  for (const [index, value] of u.entries()) u[index] = value / factor;
}
