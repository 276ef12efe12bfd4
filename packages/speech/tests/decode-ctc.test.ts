import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeCtc } from '../src/index.ts';
import { errorOf } from './support/error-of.ts';

/** Scores in which each step prefers one class. */
function scoresOf(path: readonly number[], classes: number): Float32Array {
  return Float32Array.from({ length: path.length * classes }, (_, index) =>
    index % classes === path[Math.floor(index / classes)] ? 1 : -1,
  );
}

it('takes repetitions together and leaves blanks out, whichever class is the blank', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }),
      fc.integer({ min: 0, max: 3 }),
      (path, blank) => {
        // By the definition: repetitions first, then blanks.
        const merged = path.filter((symbol, step) => symbol !== path[step - 1]);
        const expected = merged.filter((symbol) => symbol !== blank);
        const found = decodeCtc(scoresOf(path, 4), 4, blank);
        expect(found.map(({ symbol }) => symbol)).toEqual(expected);
        for (const { symbol, firstStep, lastStep } of found) {
          expect(path.slice(firstStep, lastStep + 1).every((each) => each === symbol)).toBe(true);
          expect(path[firstStep - 1]).not.toBe(symbol);
          expect(path[lastStep + 1]).not.toBe(symbol);
        }
      },
    ),
  );
});

it('finds the same symbol twice where a blank is between', () => {
  expect(decodeCtc(scoresOf([1, 1, 0, 1, 2, 2], 3), 3)).toEqual([
    { symbol: 1, firstStep: 0, lastStep: 1 },
    { symbol: 1, firstStep: 3, lastStep: 3 },
    { symbol: 2, firstStep: 4, lastStep: 5 },
  ]);
});

it('refuses what is no score', () => {
  expect(errorOf(() => decodeCtc(new Float32Array(7), 3))).toBe(
    '7 scores of 3 classes: expected a whole number of steps',
  );
  expect(errorOf(() => decodeCtc(new Float32Array(6), 3, 3))).toBe('blank 3: expected a class from 0 to 2');
  expect(errorOf(() => decodeCtc(Float32Array.of(0, 1, 2, NaN, 0, 1), 3))).toBe(
    'class 0 of step 1 has no score: NaN',
  );
});
