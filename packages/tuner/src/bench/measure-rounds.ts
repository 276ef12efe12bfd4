/** One of the things that are compared. */
export interface Side {
  readonly name: string;
  /** The call that is timed; a promise is awaited inside the time. `call` counts from 0 in each round. */
  readonly run: (call: number) => unknown;
  /** Runs before each round, outside the time. */
  readonly prepare: () => void;
}

/** Times of one side, in microseconds. */
export interface SideTiming {
  readonly name: string;
  readonly p50: number;
  readonly p99: number;
  /** Timed calls. */
  readonly runs: number;
  /** Median of each round. */
  readonly roundMedians: readonly number[];
}

/** How often is measured. */
export interface RoundOptions {
  readonly rounds: number;
  readonly callsPerRound: number;
  /** Told after each round. */
  readonly onRound?: (done: number) => void;
}

/** Rounds that do not count: compilers and caches settle. */
const warmupRounds = 2;

/**
 * Times several sides by turns, round by round in a rotating order: whatever else the machine does meets all of them.
 *
 * @returns Times in the order of `sides`.
 */
export async function measureRounds(sides: readonly Side[], options: RoundOptions): Promise<SideTiming[]> {
  const { rounds, callsPerRound, onRound } = options;
  const times = sides.map(() => new Float64Array(rounds * callsPerRound));
  for (let round = -warmupRounds; round < rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const index = (turn + round + warmupRounds) % sides.length;
      const [side, durations] = [sides[index], times[index]];
      if (!side || !durations) continue;
      side.prepare();
      for (let call = 0; call < callsPerRound; call++) {
        const start = performance.now();
        const result = side.run(call);
        if (result instanceof Promise) await result;
        const duration = performance.now() - start;
        if (round >= 0) durations[round * callsPerRound + call] = duration * 1000;
      }
    }
    if (round >= 0) onRound?.(round + 1);
  }
  return sides.map(({ name }, index) => {
    const durations = times[index] ?? new Float64Array(0);
    const sorted = durations.toSorted();
    return {
      name,
      p50: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
      runs: durations.length,
      roundMedians: Array.from({ length: rounds }, (_, round) =>
        quantile(durations.slice(round * callsPerRound, (round + 1) * callsPerRound).sort(), 0.5),
      ),
    };
  });
}

/** How many times as long `side` takes as `baseline`: the median over rounds, so that a busy moment hardly counts. */
export function ratioOf(side: SideTiming, baseline: SideTiming): number {
  const ratios = side.roundMedians.map((time, round) => time / (baseline.roundMedians[round] ?? Number.NaN));
  return quantile(Float64Array.from(ratios).sort(), 0.5);
}

/** The value that a share of the sorted values does not exceed. */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
