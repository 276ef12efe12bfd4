import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseWithin, type Choice } from '../src/search/choose-within.ts';

/** The least loss within the limit, by trying everything. */
function leastLoss(items: readonly (readonly Choice[])[], limit: number): number {
  const [first, ...others] = items;
  if (!first) return limit >= 0 ? 0 : Infinity;
  return Math.min(...first.map(({ cost, loss }) => loss + leastLoss(others, limit - cost)));
}

const amount = fc.integer({ min: 0, max: 60 });
const anyItems = fc.array(
  fc.array(fc.record({ cost: amount, loss: amount }), { minLength: 1, maxLength: 5 }),
  {
    maxLength: 6,
  },
);

describe('chooseWithin', () => {
  it('finds the least loss that trying everything finds, and refuses what cannot be', () => {
    fc.assert(
      fc.property(anyItems, fc.integer({ min: 0, max: 200 }), (items, limit) => {
        const chosen = chooseWithin(items, limit);
        const least = leastLoss(items, limit);
        if (!chosen) {
          expect(least).toBe(Infinity);
          return;
        }
        expect(chosen.loss).toBe(least);
        expect(chosen.bound).toBe(least);
        expect(chosen.cost).toBeLessThanOrEqual(limit);
        const picked = chosen.choices.map((position, item) => items[item]?.[position]);
        expect(picked.reduce((sum, choice) => sum + (choice?.cost ?? NaN), 0)).toBe(chosen.cost);
        expect(picked.reduce((sum, choice) => sum + (choice?.loss ?? NaN), 0)).toBe(chosen.loss);
        expect(chooseWithin(items, limit)).toEqual(chosen);
      }),
      { numRuns: 500 },
    );
  });

  it('many items: near the bound, which no choice can be below', () => {
    const items = Array.from({ length: 120 }, (_, item) =>
      Array.from({ length: 8 }, (_unused, step) => ({
        cost: (1 + ((item * 7919) % 101)) / (1 + step) + Math.sin(item + step) / 50,
        loss: step === 0 ? 0 : (1 + ((item * 104729) % 53)) * step ** 1.5 * (1 + 0.2 * Math.sin(item * step)),
      })),
    );
    const dense = items.reduce((sum, [first]) => sum + (first?.cost ?? NaN), 0);
    const chosen = chooseWithin(items, dense / 3);
    expect(chosen?.cost).toBeLessThanOrEqual(dense / 3);
    expect(chosen?.loss).toBeLessThan(1.001 * (chosen?.bound ?? NaN));
    const looser = chooseWithin(items, dense / 2);
    expect(looser?.loss).toBeLessThan(chosen?.bound ?? NaN);
    expect(chooseWithin(items, dense)).toMatchObject({ loss: 0, choices: items.map(() => 0) });
  });

  it('a limit that is met exactly is met, whatever sums round to', () => {
    const items = Array.from({ length: 10 }, () => [
      { cost: 0.1, loss: 0 },
      { cost: 0, loss: 1 },
    ]);
    expect(chooseWithin(items, 0.3)?.loss).toBe(7);
    expect(chooseWithin([], 0)).toEqual({ choices: [], cost: 0, loss: 0, bound: 0 });
    expect(chooseWithin([[{ cost: 2, loss: 0 }]], 1)).toBeUndefined();
  });
});
