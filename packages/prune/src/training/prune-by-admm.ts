import { GrimError } from '@grim/ir';
import { phaseSetting, pruningSettings } from './pruning-settings.ts';
import { projectFinally, retrainingPhase } from './retraining.ts';
import { masked } from './masked.ts';
import { updateInterval } from './update-interval.ts';
import { checkCount, runMethod } from './run-method.ts';
import { keep, kept, recordTrace, type Phase, type Run } from './run.ts';
import { selectForTraining, type TrainedWeight } from './trained-weights.ts';
import type { TrainedPruning, WeightMeasures } from './trained-pruning.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingBatches } from './training-batches.ts';
import type { TrainingPhase, TrainingPruneOptions } from './training-options.ts';

/** Grows in equal stages of the phase, each of which begins anew with Z = projection of W and U = 0. */
export interface StagedPenalty {
  readonly schedule: 'staged';
  /** ρ of the first stage (default 1e-4). */
  readonly initial?: number;
  /** What ρ is multiplied by from one stage to the next (default 10). */
  readonly factor?: number;
  /** Stages, equally long (default 4). */
  readonly stages?: number;
}

/**
 * Follows the residuals of each weight: grows where the primal one is larger, falls where the dual one is, U being scaled inversely (Boyd
 * et al. 2011, section 3.4.1).
 */
export interface AdaptivePenalty {
  readonly schedule: 'adaptive';
  /** ρ at first (default 1e-2). */
  readonly initial?: number;
  /** What ρ is multiplied or divided by (default 2). */
  readonly factor?: number;
  /** How many times one residual must be the other (default 2). */
  readonly ratio?: number;
  /** ρ grows no further than this (default 1). */
  readonly maximum?: number;
}

/** What {@link pruneByAdmm} prunes and how it trains. */
export interface AdmmOptions extends TrainingPruneOptions {
  /** Training towards the pattern. */
  readonly training: TrainingPhase;
  /** How hard weights are drawn to the pattern; adaptive by default. */
  readonly penalty?: AdaptivePenalty | StagedPenalty;
  /** Steps between updates of what weights are drawn to (default: a tenth of the phase). */
  readonly stepsPerUpdate?: number;
  /**
   * What share of W − Z is added to U in an update, from 0 to 1 (default 0.5): the less, the fewer other masks are tried. With 0 weights are
   * drawn to their own projection.
   */
  readonly dualStep?: number;
}

const name = 'admm';

/** Updates in the phase when nothing else is asked for: with many, U grows faster than W can follow. */
const updates = 10;

/**
 * Prunes with training by the alternating direction method of multipliers (ADMM; the paper's method).
 *
 * Weights W are trained on loss + Σ ρ/2 ‖W − Z + U‖². Every so many steps Z becomes the projection of W + U onto the pattern, and U
 * grows by a part of W − Z, so that weights come near the pattern while the loss still has its say. Then the weights are projected, the optimiser is
 * reset, and what is left is retrained.
 *
 * The gradients of the loss are those of a batch; ρ is a matter of their size. Too small a ρ lets U grow while W stays, and the masks become
 * arbitrary: the trace shows it by a primal residual that does not fall.
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
  const penalty = resolvePenalty(options.penalty ?? { schedule: 'adaptive' });
  const stepsPerUpdate = updateInterval(options, batches, updates);
  const { dualStep = 0.5 } = options;
  if (!(dualStep >= 0 && dualStep <= 1)) {
    throw new GrimError(`dualStep must be a number from 0 to 1, got ${dualStep}`);
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
        admmPhase(run, options.training, penalty, stepsPerUpdate, dualStep),
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
      },
    },
    options,
  );
}

type ResolvedPenalty = Required<StagedPenalty> | Required<AdaptivePenalty>;

function resolvePenalty(penalty: StagedPenalty | AdaptivePenalty): ResolvedPenalty {
  const resolved: ResolvedPenalty =
    penalty.schedule === 'staged'
      ? { initial: 1e-4, factor: 10, stages: 4, ...penalty }
      : { initial: 1e-2, factor: 2, ratio: 2, maximum: 1, ...penalty };
  const atLeast = (option: string, value: number, least: number): void => {
    if (Number.isFinite(value) && value >= least) return;
    throw new GrimError(`${option} of the penalty must be a finite number of ${least} or more, got ${value}`);
  };
  atLeast('initial', resolved.initial, Number.MIN_VALUE);
  atLeast('factor', resolved.factor, 1);
  if (resolved.schedule === 'staged') checkCount('stages of the penalty', resolved.stages, 1);
  else {
    atLeast('ratio', resolved.ratio, 1);
    atLeast('maximum', resolved.maximum, resolved.initial);
  }
  return resolved;
}

function admmPhase(
  run: Run,
  { epochs, learningRate }: TrainingPhase,
  penalty: ResolvedPenalty,
  stepsPerUpdate: number,
  dualStep: number,
): Phase {
  const steps = epochs * run.batchesPerEpoch;
  const stageAfter = (done: number): number =>
    penalty.schedule === 'staged' ? Math.floor((done * penalty.stages) / steps) : 0;
  return {
    name,
    epochs,
    learningRate,
    begin: () => {
      for (const weight of run.weights) startWith(run, weight, penalty.initial);
    },
    gradients: (ofLoss) => {
      const gradients = new Map(ofLoss);
      for (const weight of run.weights) {
        const ofWeight = ofLoss.get(weight.name);
        if (ofWeight) gradients.set(weight.name, withPenalty(run, weight, ofWeight));
      }
      return gradients;
    },
    afterStep: (done) => {
      if (done % stepsPerUpdate === 0 || done === steps) {
        const measures = run.weights.map(
          (weight) => [weight.layer, update(run, weight, penalty, dualStep)] as const,
        );
        recordTrace(run, name, done, Object.fromEntries(measures));
      }
      if (penalty.schedule !== 'staged' || done === steps) return;
      const stage = stageAfter(done);
      if (stage === stageAfter(done - 1)) return;
      for (const weight of run.weights) startWith(run, weight, penalty.initial * penalty.factor ** stage);
    },
  };
}

function startWith(run: Run, weight: TrainedWeight, rho: number): void {
  const { values } = weight.matrix;
  keep(run, 'z', weight, masked(values, weight.project(weight.matrix)));
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

/** New Z and U, and how far weights are from the pattern, and the pattern from where it was. */
function update(run: Run, weight: TrainedWeight, penalty: ResolvedPenalty, dualStep: number): WeightMeasures {
  const { matrix } = weight;
  const z = kept(run, 'z', weight);
  const u = kept(run, 'u', weight);
  const sum = matrix.values.map((value, index) => value + (u[index] ?? 0));
  const next = masked(sum, weight.project({ ...matrix, values: sum }));
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
