import { measureInterleaved } from '@grim/tools/measure-interleaved';
import type { PreparedSide } from './prepared-side.ts';

/** Of several ways to do the same the one that takes least time, found by a short measurement. */
export async function quickest<Candidate extends PreparedSide>(
  sides: readonly Candidate[],
): Promise<Candidate> {
  const named = Object.fromEntries(sides.map(({ run }, index) => [String(index), { run }]));
  const timings = await measureInterleaved(named, { rounds: 5, callsPerRound: 1, warmupRounds: 1 });
  const least = (index: number): number =>
    Math.min(...(timings.sides[String(index)]?.roundMedians ?? [Infinity]));
  return sides.reduce((best, side, index) => (least(index) < least(sides.indexOf(best)) ? side : best));
}
