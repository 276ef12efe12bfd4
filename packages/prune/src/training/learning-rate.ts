import { GrimError } from '@grim/ir';

/** Learning rate of a phase: one number, or what it is after a fraction of the phase, 0 at its first step and below 1 at its last. */
export type LearningRate = number | ((fraction: number) => number);

/**
 * The learning rate after a fraction of a phase.
 *
 * @throws `GrimError` naming the phase when the rate is negative or not finite.
 */
export function learningRateAt(learningRate: LearningRate, fraction: number, phase: string): number {
  const rate = typeof learningRate === 'number' ? learningRate : learningRate(fraction);
  if (Number.isFinite(rate) && rate >= 0) return rate;
  throw new GrimError(
    `the learning rate must be a finite number of 0 or more, got ${rate} after ${fraction} of phase ${phase}`,
  );
}
