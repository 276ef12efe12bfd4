import { keep, kept, recordTrace, type Phase, type Run } from './run.ts';
import { maskGradients, maskInPlace } from './masked.ts';
import type { TrainedWeight } from './trained-weights.ts';
import type { TrainingPhase } from './training-options.ts';

/** What the masks of weights are kept as. */
export const maskKey = 'mask';

/** Training with fixed masks: what is pruned gets no gradient and is +0 after each step, whatever the optimiser does. */
export function retrainingPhase(run: Run, { epochs, learningRate }: TrainingPhase, begin: () => void): Phase {
  const name = 'retraining';
  return {
    name,
    epochs,
    learningRate,
    begin,
    gradients: (ofLoss) =>
      maskGradients(ofLoss, new Map(run.weights.map((weight) => [weight.name, kept(run, maskKey, weight)]))),
    afterStep: (done) => {
      for (const weight of run.weights) maskInPlace(weight.matrix.values, kept(run, maskKey, weight));
      if (done % run.batchesPerEpoch === 0) recordTrace(run, name, done);
    },
  };
}

/** Chooses the final masks from what the parameters hold, and prunes by them. */
export function projectFinally(run: Run): void {
  for (const weight of run.weights) pruneBy(run, weight, weight.project(weight.matrix));
}

/** Prunes a parameter by a mask, and keeps the mask and the share of the energy that is left. */
export function pruneBy(run: Run, weight: TrainedWeight, mask: ArrayLike<number>): void {
  const { values } = weight.matrix;
  const before = energyOf(values);
  maskInPlace(values, mask);
  keep(run, maskKey, weight, Float32Array.from(mask));
  run.memory.numbers.set(energyKey(weight), before === 0 ? 1 : energyOf(values) / before);
}

/** What the share of the energy of a weight is kept as. */
export function energyKey({ name }: TrainedWeight): string {
  return `energy/${name}`;
}

function energyOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
