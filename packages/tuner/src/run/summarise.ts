import type { Shape, Tensor } from '@grim/ir';

/** What an array holds, in short. */
export interface ArraySummary {
  readonly shape: Shape;
  /** Least, greatest and mean of the finite values; `null` when there are none. */
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly mean: number | null;
  /** Values that are NaN or infinite. */
  readonly nonFinite: number;
  /** The first values, at most 8; `null` where one is not finite. */
  readonly first: readonly (number | null)[];
}

const valuesShown = 8;

/** Summarises an array. */
export function summarise({ shape, data }: Tensor): ArraySummary {
  let [minimum, maximum, sum, finite] = [Infinity, -Infinity, 0, 0];
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    sum += value;
    finite += 1;
  }
  const some = finite > 0;
  return {
    shape,
    minimum: some ? minimum : null,
    maximum: some ? maximum : null,
    mean: some ? sum / finite : null,
    nonFinite: data.length - finite,
    first: [...data.subarray(0, valuesShown)].map((value) => (Number.isFinite(value) ? value : null)),
  };
}
