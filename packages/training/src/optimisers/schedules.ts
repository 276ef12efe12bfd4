import { GrimError } from '@grim/ir';

/** A learning rate after a fraction of training, from 0 at its first step to below 1 at its last. */
export type Schedule = (fraction: number) => number;

function requireFraction(name: string, value: number): void {
  if (!(value >= 0 && value < 1)) throw new GrimError(`${name} must be at least 0 and below 1, got ${value}`);
}

function requireRate(name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new GrimError(`${name} must be a finite number of 0 or more, got ${value}`);
  }
}

/** From 1 to 0 along half a wave of a cosine. */
const cosine = (fraction: number): number => (1 + Math.cos(Math.PI * Math.min(1, fraction))) / 2;

/** The same rate all the time. */
export function constantRate(rate: number): Schedule {
  requireRate('the learning rate', rate);
  return () => rate;
}

/** Shape of {@link cosineRate}. */
export interface CosineOptions {
  /** Fraction of training in which the rate rises in a line from 0; 0 by default. */
  readonly warmUp?: number;
  /** Rate at the end, as a part of the highest; 0 by default. */
  readonly end?: number;
}

/** Half a wave of a cosine down from a rate (Loshchilov and Hutter 2017, eq. 5, without restarts). */
export function cosineRate(rate: number, options: CosineOptions = {}): Schedule {
  const { warmUp = 0, end = 0 } = options;
  requireRate('the learning rate', rate);
  requireFraction('warmUp', warmUp);
  requireFraction('end', end);
  return (fraction) =>
    fraction < warmUp
      ? (rate * fraction) / warmUp
      : rate * (end + (1 - end) * cosine((fraction - warmUp) / (1 - warmUp)));
}

/** Shape of {@link oneCycleRate}. */
export interface OneCycleOptions {
  /** Fraction of training after which the rate is highest; 0.3 by default. */
  readonly peak?: number;
  /** Rate at the start, as a part of the highest; 1/25 by default. */
  readonly start?: number;
  /** Rate at the end, as a part of the highest; 1/10000 by default. */
  readonly end?: number;
}

/** Up to a rate and down to almost nothing, both along a cosine (Smith and Topin 2018). */
export function oneCycleRate(rate: number, options: OneCycleOptions = {}): Schedule {
  const { peak = 0.3, start = 1 / 25, end = 1e-4 } = options;
  requireRate('the learning rate', rate);
  requireFraction('peak', peak);
  requireFraction('start', start);
  requireFraction('end', end);
  return (fraction) =>
    fraction < peak
      ? rate * (1 + (start - 1) * cosine(fraction / peak))
      : rate * (end + (1 - end) * cosine((fraction - peak) / (1 - peak)));
}

/**
 * A rate that becomes smaller at some fractions of training.
 *
 * @param rate - At the start.
 * @param at - Fractions, ascending.
 * @param factor - What the rate is multiplied with at each; 0.1 by default.
 */
export function stepRate(rate: number, at: readonly number[], factor = 0.1): Schedule {
  requireRate('the learning rate', rate);
  requireRate('factor', factor);
  for (const fraction of at) requireFraction('a step of the learning rate', fraction);
  return (fraction) => rate * factor ** at.filter((place) => fraction >= place).length;
}
