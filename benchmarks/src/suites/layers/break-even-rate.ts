/** How long a layer takes at one pruning rate. */
export interface RateTime {
  readonly rate: number;
  /** Time over that of the dense layer; `undefined` where the compiler kept the layer dense. */
  readonly time: number | undefined;
}

/**
 * The rate from which on a pruned layer takes less time than the dense one.
 *
 * Between two measured rates time is taken to be linear in the share of weights that are left. When even the lowest rate
 * is faster, it is the answer: the true one is no higher.
 *
 * @param measured - Rising rates.
 * @returns The rate, or `undefined` when the highest measured is not faster.
 */
export function breakEvenRate(measured: readonly RateTime[]): number | undefined {
  const last = measured.findLastIndex(({ time }) => time === undefined || time > 1);
  const after = measured[last + 1];
  if (after?.time === undefined) return undefined;
  const before = measured[last];
  if (before?.time === undefined) return after.rate;
  const share = (before.time - 1) / (before.time - after.time);
  return 1 / (1 / before.rate + share * (1 / after.rate - 1 / before.rate));
}
