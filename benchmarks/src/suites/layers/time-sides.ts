import { measureInterleaved, type InterleavedTimings, type Side } from '@grim/tools/measure-interleaved';

/** How long is measured. */
export interface Timing {
  readonly rounds: number;
  /** Milliseconds that all sides of one round may take together; slow sides are called once all the same. */
  readonly roundMilliseconds: number;
}

/** Most timed calls of a side in a round: more tell nothing new. */
const MOST_CALLS = 40;

/** Times sides by turns, with as many calls in a round as they have time for: few where a layer is slow. */
export async function timeSides<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  { rounds, roundMilliseconds }: Timing,
): Promise<InterleavedTimings<Name>> {
  let oneOfEach = 0;
  for (const side of Object.values<Side>(sides)) {
    // The second call counts: compilers have seen the code, caches the data.
    await side.run(0);
    const start = performance.now();
    await side.run(0);
    oneOfEach += performance.now() - start;
  }
  const calls = callsPerRound(oneOfEach, roundMilliseconds);
  return measureInterleaved(sides, {
    rounds,
    callsPerRound: calls,
    settlingCalls: Math.ceil(calls / 10),
    warmupRounds: 1,
  });
}

/** Timed calls of each side in a round, when one call of all sides takes `oneOfEach` milliseconds. */
export function callsPerRound(oneOfEach: number, roundMilliseconds: number): number {
  // A tenth more, at least one, is called to settle.
  const affordable = Math.floor(roundMilliseconds / oneOfEach / 1.1);
  return Math.max(1, Math.min(MOST_CALLS, affordable));
}
