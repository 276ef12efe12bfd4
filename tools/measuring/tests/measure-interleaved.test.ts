import { expect, test } from 'vitest';
import { measureInterleaved, type Side } from '../src/measure-interleaved.ts';

/** A clock that stands still except when a side says how long it took. */
function pretendClock(): { now: () => number; spend: (milliseconds: number) => void } {
  let time = 0;
  return {
    now: () => time,
    spend: (milliseconds) => {
      time += milliseconds;
    },
  };
}

test('medians, tails and ratios are those of the calls', async () => {
  const { now, spend } = pretendClock();
  const { sides, ratio } = await measureInterleaved(
    {
      // 0.1 ms, and one call in a hundred 5 ms.
      fast: {
        run: (call) => {
          spend(call === 7 ? 5 : 0.1);
        },
      },
      slow: {
        run: () => {
          spend(0.4);
        },
      },
    },
    { rounds: 3, callsPerRound: 100, warmupRounds: 1, now },
  );
  expect(sides.fast.p50).toBeCloseTo(100, 6);
  expect(sides.fast.calls).toBe(300);
  expect(sides.fast.roundMedians).toHaveLength(3);
  expect(sides.fast.p99).toBeGreaterThanOrEqual(100);
  expect(sides.slow.p99).toBeCloseTo(400, 6);
  expect(ratio('slow', 'fast')).toBeCloseTo(4, 6);
  expect(ratio('fast', 'slow')).toBeCloseTo(0.25, 6);
});

test('a moment in which the machine is busy does not move the ratio', async () => {
  const { now, spend } = pretendClock();
  let calls = 0;
  const run = (milliseconds: number) => (): void => {
    // The third of five rounds is ten times as slow for both.
    spend(Math.floor(calls++ / 20) === 2 ? milliseconds * 10 : milliseconds);
  };
  const { ratio } = await measureInterleaved(
    { one: { run: run(1) }, two: { run: run(2) } },
    { rounds: 5, callsPerRound: 10, warmupRounds: 0, now },
  );
  expect(ratio('two', 'one')).toBeCloseTo(2, 6);
});

test('sides take turns, each prepared before its block, and warm-up is not counted', async () => {
  const log: string[] = [];
  const side = (name: string): Side => ({
    prepare: () => log.push(`prepare ${name}`),
    run: (call) => log.push(`${name}${call}`),
  });
  const { sides } = await measureInterleaved(
    { a: side('a'), b: side('b') },
    { rounds: 1, callsPerRound: 2, warmupRounds: 1, now: () => 0 },
  );
  expect(log).toEqual([
    ...['prepare a', 'a0', 'a1', 'prepare b', 'b0', 'b1'],
    ...['prepare b', 'b0', 'b1', 'prepare a', 'a0', 'a1'],
  ]);
  expect(sides.a.calls).toBe(2);
});

test('the time of a promise is counted', async () => {
  const { now, spend } = pretendClock();
  const { sides } = await measureInterleaved(
    {
      waiting: {
        run: async () => {
          await Promise.resolve();
          spend(3);
        },
      },
    },
    { rounds: 1, callsPerRound: 5, warmupRounds: 0, now },
  );
  expect(sides.waiting.p50).toBeCloseTo(3000, 6);
});

test('an error of a side is not swallowed', async () => {
  const run = (): never => {
    throw new Error('broken side');
  };
  await expect(
    measureInterleaved({ run: { run } }, { rounds: 1, callsPerRound: 1, warmupRounds: 0 }),
  ).rejects.toThrow('broken side');
});

test.each([
  { rounds: 0, callsPerRound: 1 },
  { rounds: 1, callsPerRound: 0 },
])('nothing to time is refused: %o', async (counts) => {
  await expect(
    measureInterleaved({ side: { run: () => 0 } }, { ...counts, warmupRounds: 0 }),
  ).rejects.toThrow(RangeError);
});
