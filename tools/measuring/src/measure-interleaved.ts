import { median, quantile } from 'simple-statistics';

/** One of the things that are compared. */
export interface Side {
  /**
   * The call that is timed; a promise is awaited inside the time.
   *
   * @param call - number of the call in its round, from 0, so that a side can walk over its input
   */
  readonly run: (call: number) => unknown;
  /** Runs before each round, outside the time: resets state. */
  readonly prepare?: () => unknown;
}

/** How often is measured. */
export interface MeasuringOptions {
  /** Rounds; in each, every side runs once in a block of calls. */
  readonly rounds: number;
  /** Timed calls of each side in a round. */
  readonly callsPerRound: number;
  /**
   * Calls of a side at the start of its block that are made but not timed, 0 by default: the sides before it have pushed
   * its code and data out of the caches, which no caller who runs only one of them would see.
   */
  readonly settlingCalls?: number;
  /** Rounds before the first that counts: compilers and caches settle. */
  readonly warmupRounds: number;
  /** Time now in milliseconds; `performance.now` unless a test says otherwise. */
  readonly now?: () => number;
}

/** Times of one side, in microseconds. */
export interface SideTiming {
  readonly p50: number;
  readonly p99: number;
  /** Median of each round, in the order of the rounds. */
  readonly roundMedians: readonly number[];
  /**
   * The 99th percentile over the median within a round, the median of the rounds: how much a caller waits at worst while
   * the machine is as it usually is. `p99` over all calls also holds every moment in which something else ran.
   */
  readonly tailRatio: number;
  /** Timed calls. */
  readonly calls: number;
}

/** Times of all sides, and how they compare. */
export interface InterleavedTimings<Name extends string> {
  readonly sides: Readonly<Record<Name, SideTiming>>;
  /**
   * How many times as long `name` takes as `baseline`: the median, over the rounds, of the ratio of their medians.
   *
   * Both sides of one ratio were measured within the same moment, so a machine that is busy for a while spoils the
   * times of a few rounds but hardly this number.
   */
  readonly ratio: (name: Name, baseline: Name) => number;
}

/**
 * Times several sides by turns: round by round, one block of calls per side, in an order that rotates.
 *
 * Only a promise is awaited, so that a synchronous side does not pay for the one beside it that is not.
 *
 * @throws RangeError when no call would be timed
 */
export async function measureInterleaved<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  options: MeasuringOptions,
): Promise<InterleavedTimings<Name>> {
  const { rounds, callsPerRound, warmupRounds, settlingCalls = 0, now = () => performance.now() } = options;
  const names = Object.keys(sides) as Name[];
  if (rounds < 1 || callsPerRound < 1 || names.length < 1) {
    throw new RangeError(
      `nothing to time: ${names.length} sides, ${rounds} rounds of ${callsPerRound} calls`,
    );
  }
  const durations = new Map(names.map((name) => [name, new Float64Array(rounds * callsPerRound)]));

  for (let round = -warmupRounds; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + warmupRounds) % names.length] as Name;
      const times = durations.get(name) as Float64Array;
      const side: Side = sides[name];
      await side.prepare?.();
      for (let call = 0; call < settlingCalls; call++) await side.run(call);
      for (let call = 0; call < callsPerRound; call++) {
        const start = now();
        const result = side.run(call);
        if (result instanceof Promise) await result;
        const microseconds = (now() - start) * 1000;
        if (round >= 0) times[round * callsPerRound + call] = microseconds;
      }
    }
  }

  const timings = Object.fromEntries(
    [...durations].map(([name, times]) => [name, summarise(times, rounds, callsPerRound)]),
  ) as Record<Name, SideTiming>;
  return {
    sides: timings,
    ratio: (name, baseline) =>
      median(
        timings[name].roundMedians.map(
          (time, round) => time / (timings[baseline].roundMedians[round] ?? Number.NaN),
        ),
      ),
  };
}

function summarise(times: Float64Array, rounds: number, callsPerRound: number): SideTiming {
  const roundMedians = Array.from({ length: rounds }, (_, round) =>
    median([...times.subarray(round * callsPerRound, (round + 1) * callsPerRound)]),
  );
  const tails = roundMedians.map(
    (roundMedian, round) =>
      quantile([...times.subarray(round * callsPerRound, (round + 1) * callsPerRound)], 0.99) / roundMedian,
  );
  const all = [...times];
  return {
    p50: median(all),
    p99: quantile(all, 0.99),
    roundMedians,
    tailRatio: median(tails),
    calls: all.length,
  };
}
