import { GrimError } from '@grim/ir';
import { chooseWithin } from './choose-within.ts';
import { literalPatterns } from './literal-patterns.ts';
import type { RatePoint, Sensitivity, WeightSensitivity } from './measure-sensitivity.ts';
import type { Costs } from './network-costs.ts';

/** What a pruned network may take at most. */
export interface RateTarget {
  /** Seconds of a run, bytes of weights, or multiply-adds of a run with weights that are not zero. */
  readonly of: 'latency' | 'macs' | 'size';
  /** The most of it. */
  readonly atMost: number;
  /** Whether that is a share of what the dense network takes, rather than seconds, bytes or multiply-adds (default false). */
  readonly isShare?: boolean;
}

/** What was decided for one weight. */
export interface WeightRate {
  /** Names of the weights, `layer:operand`. */
  readonly weights: readonly string[];
  /** `null` where it stays dense. */
  readonly rate: number | null;
  /** See {@link Sensitivity.error}; 0 where it stays dense. */
  readonly error: number;
  /** Why it stays dense. */
  readonly reason?: string;
}

/** Rates that keep a network within a target. */
export interface RateChoice {
  readonly of: RateTarget['of'];
  /** The target in seconds, bytes or multiply-adds. */
  readonly limit: number;
  /** The whole network, not pruned. */
  readonly dense: Costs;
  /** The whole network at these rates: what it takes dense less what each weight by itself saves. */
  readonly predicted: Costs;
  /** Sum of the errors of the weights. */
  readonly error: number;
  /** No other of the rates tried keep within the target at a sum below this; the sum itself where that is known to be the least. */
  readonly errorBound: number;
  readonly weights: readonly WeightRate[];
}

const keys = { latency: 'seconds', macs: 'macs', size: 'bytes' } as const;

/**
 * Chooses a rate for each weight, or none, so that the network keeps within a target and the sum of the errors is least.
 *
 * @param sensitivity - What each rate costs and saves.
 * @param target - What the network may take.
 * @throws `GrimError` when the target is no positive number, when the network keeps within it as it is, and when no rates reach it: then it
 * says how near they come.
 */
export function chooseRates(sensitivity: Sensitivity, target: RateTarget): RateChoice {
  const key = keys[target.of];
  const { network, weights } = sensitivity;
  const dense = networkCost(sensitivity, target.of);
  if (!(Number.isFinite(target.atMost) && target.atMost > 0)) {
    throw new GrimError(`the target of ${target.of} must be a positive number, got ${target.atMost}`);
  }
  const limit = target.isShare === true ? target.atMost * dense : target.atMost;
  if (limit >= dense) {
    throw new GrimError(
      `the network keeps within the target of ${inUnit(limit, target.of)} as it is: it takes ${inUnit(dense, target.of)}`,
    );
  }
  const others = costOfOthers(sensitivity, key);
  const options = weights.map((weight) => weight.points.filter((point) => point[key] < weight.dense[key]));
  const items = weights.map((weight, index) => [
    { cost: weight.dense[key], loss: 0 },
    ...(options[index] ?? []).map((point) => ({ cost: point[key], loss: point.error })),
  ]);
  const chosen = chooseWithin(items, limit - others);
  if (!chosen) {
    const least = leastCost(sensitivity, target.of);
    const rates = weights.flatMap(({ points }) => points.map(({ rate }) => rate));
    throw new GrimError(
      `the target of ${inUnit(limit, target.of)} cannot be reached: rates up to ${Math.max(1, ...rates)}x come to ${inUnit(least, target.of)} (${(least / dense).toPrecision(3)}x of the dense network)`,
    );
  }
  const points = weights.map((_, index) => options[index]?.[(chosen.choices[index] ?? 0) - 1]);
  return {
    of: target.of,
    limit,
    dense: network,
    predicted: predict(sensitivity, points),
    error: chosen.loss,
    errorBound: chosen.bound,
    weights: weights.map((weight, index) => {
      const point = points[index];
      const { weights: names } = weight;
      if (point) return { weights: names, rate: point.rate, error: point.error };
      return { weights: names, rate: null, error: 0, reason: reasonForDense(weight, target.of) };
    }),
  };
}

/** What a network takes, not pruned. */
export function networkCost({ network }: Sensitivity, of: RateTarget['of']): number {
  return network[keys[of]];
}

/** The least that a network can take at the rates that were tried. */
export function leastCost(sensitivity: Sensitivity, of: RateTarget['of']): number {
  const key = keys[of];
  return sensitivity.weights.reduce(
    (sum, { dense, points }) => sum + Math.min(dense[key], ...points.map((point) => point[key])),
    costOfOthers(sensitivity, key),
  );
}

/** What choices do not decide. It may be below 0: a layer with two weights counts in both, and only what is saved is added up. */
function costOfOthers({ network, weights }: Sensitivity, key: keyof Costs): number {
  return weights.reduce((left, { dense }) => left - dense[key], network[key]);
}

/** The rate of each weight, as the option `rate` of the pruner: 1 where it stays dense. */
export function chosenRates({ weights }: Pick<RateChoice, 'weights'>): Record<string, number> {
  return literalPatterns(
    weights.flatMap(({ weights: names, rate }) => names.map((name) => [name, rate ?? 1] as const)),
  );
}

/** Figures with four digits, in units that need no explanation. */
function inUnit(value: number, of: RateTarget['of']): string {
  const digits = (number: number): string => String(Number(number.toPrecision(4)));
  if (of === 'latency') return `${digits(value * 1e3)} ms`;
  return of === 'size' ? `${Math.round(value)} bytes` : `${Math.round(value)} multiply-adds`;
}

/** What the network takes when each weight is pruned at a point, or stays dense where there is none. */
function predict({ network, weights }: Sensitivity, points: readonly (RatePoint | undefined)[]): Costs {
  const sum = (key: keyof Costs): number =>
    weights.reduce(
      (total, { dense }, index) => total - dense[key] + (points[index] ?? dense)[key],
      network[key],
    );
  return { seconds: sum('seconds'), bytes: sum('bytes'), macs: sum('macs') };
}

function reasonForDense(weight: WeightSensitivity, of: RateTarget['of']): string {
  const key = keys[of];
  const [refused] = weight.refused;
  const [first] = weight.points;
  if (!first) return `no rate can be used: ${refused?.reason ?? 'none was tried'}`;
  const gains = { latency: 'faster', macs: 'less to compute', size: 'smaller' } as const;
  return weight.points.some((point) => point[key] < weight.dense[key])
    ? 'the target is reached with less error without it'
    : `no rate makes it ${gains[of]}`;
}
