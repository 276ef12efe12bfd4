import type { Shape } from '@grim/ir';
import { compareValues, finiteOrNull, type Difference } from './compare-values.ts';

/** How one value of the model compares over all frames. */
export interface ValueReport {
  /** Layer that computes it; the name itself for outputs and states. */
  readonly layer: string;
  /** Name of the value. */
  readonly value: string;
  /** `layer`, `output` or `state`. */
  readonly role: 'layer' | 'output' | 'state';
  /** What it is compared with: the reference interpreter, or the name of the package. */
  readonly against: string;
  readonly shape: Shape;
  readonly ok: boolean;
  /** Greatest absolute difference over all frames; `null` where it is not finite. */
  readonly maxAbsError: number | null;
  readonly firstDifference: Difference | null;
}

/** Which value is compared with what. */
export type ComparedValue = Pick<ValueReport, 'layer' | 'value' | 'role' | 'against' | 'shape'>;

/** Collects comparisons over several frames. */
export interface ComparisonLog {
  /**
   * Adds one comparison.
   *
   * @param actual - Row-major values of the shape of `what`.
   * @param expected - As many.
   */
  readonly add: (what: ComparedValue, actual: Float32Array, expected: Float32Array, frame: number) => void;
  /** One report per value, in the order they were first compared. */
  readonly reports: () => ValueReport[];
}

/** Starts a log with the tolerance of {@link compareValues}. */
export function comparisonLog(tolerance: number): ComparisonLog {
  const entries = new Map<string, { what: ComparedValue; maxAbsError: number; first: Difference | null }>();
  return {
    add: (what, actual, expected, frame) => {
      const key = JSON.stringify([what.role, what.against, what.layer, what.value]);
      const entry = entries.get(key) ?? { what, maxAbsError: 0, first: null };
      const { maxAbsError, firstDifference } = compareValues(actual, expected, tolerance, frame);
      entry.maxAbsError = Math.max(entry.maxAbsError, maxAbsError);
      entry.first ??= firstDifference;
      entries.set(key, entry);
    },
    reports: () =>
      [...entries.values()].map(({ what, maxAbsError, first }) => ({
        ...what,
        ok: first === null,
        maxAbsError: finiteOrNull(maxAbsError),
        firstDifference: first,
      })),
  };
}
