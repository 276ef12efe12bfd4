/** Consecutive units. */
export interface UnitRange {
  readonly first: number;
  /** The one after the last. */
  readonly end: number;
}

/** A way to compute something in parts. */
export interface Division<Part> {
  /** Pieces that are not divided further, in order. */
  readonly units: number;
  /** Work of the units before this one, in any measure; as much for each when absent. */
  readonly workBefore?: (unit: number) => number;
  /** The part that consists of some units. */
  readonly part: (range: UnitRange) => Part;
}

/** For how many threads something is divided. */
export interface Sharing {
  /** Most parts. */
  readonly threads: number;
  /** Fewest operations of a part: with less a thread takes longer to begin than it saves. */
  readonly leastOperations: number;
}

/**
 * Fewest operations of a part whose thread may sleep: waking it takes some ten microseconds, as these do. One operation is
 * one instruction on a scalar or a vector, of which a core executes two or three in a nanosecond.
 */
export const LEAST_OPERATIONS_ASLEEP = 2 ** 16;

/** Fewest operations of a part whose thread is awake: it notices in less than a microsecond, and these take about two. */
export const LEAST_OPERATIONS_AWAKE = 2 ** 12;

/**
 * Threads without work watch for some tens of microseconds before they sleep; that long one thread may compute alone. This
 * is half of it.
 */
export const WATCHED_OPERATIONS = 2 ** 15;

/** A later way to divide is taken when the largest part is this share of the largest part of an earlier one. */
const BETTER_BALANCE = 0.95;

/** The first unit with at least `work` before it, or the one before that if it comes nearer. */
function nearestUnit(units: number, workBefore: (unit: number) => number, work: number): number {
  let [low, high] = [0, units];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (workBefore(middle) < work) low = middle + 1;
    else high = middle;
  }
  const isNearer = low > 0 && work - workBefore(low - 1) < workBefore(low) - work;
  return isNearer ? low - 1 : low;
}

/** Cuts units into at most `parts` ranges of about the same work; `largest` is the share of the one with most work. */
function cut({ units, workBefore = (unit) => unit }: Division<unknown>, parts: number) {
  const total = workBefore(units);
  const bounds = Array.from({ length: parts + 1 }, (_, part) =>
    part === parts ? units : nearestUnit(units, workBefore, (total * part) / parts),
  );
  const ranges = bounds.slice(1).flatMap((end, part): UnitRange[] => {
    const first = bounds[part] ?? 0;
    return end > first ? [{ first, end }] : [];
  });
  const works = ranges.map(({ first, end }) => workBefore(end) - workBefore(first));
  return { ranges, largest: Math.max(...works) / total };
}

/**
 * Divides work among threads.
 *
 * @param divisions - Ways to divide it, the best one first; a later one is taken where it is better balanced.
 * @param operations - About how many operations all of it takes.
 * @returns Two or more parts; none when it is not worth a second thread.
 */
export function splitWork<Part>(
  divisions: readonly Division<Part>[],
  operations: number,
  { threads, leastOperations }: Sharing,
): Part[] {
  const parts = Math.min(threads, Math.floor(operations / leastOperations));
  if (parts < 2) return [];
  const [first, ...others] = divisions.map((division) => ({ division, ...cut(division, parts) }));
  if (!first) return [];
  const best = others.reduce(
    (chosen, other) => (other.largest < chosen.largest * BETTER_BALANCE ? other : chosen),
    first,
  );
  return best.ranges.length < 2 ? [] : best.ranges.map((range) => best.division.part(range));
}
