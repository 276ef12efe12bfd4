import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizeTaps, type ResizeCoordinates, type ResizeOperator } from '../../src/index.ts';
import { runFirst, shapesOf } from '../support/run-operator.ts';
import { exactTensors, tensor, valuesOf } from '../support/tensors.ts';

function resizeOf(
  sizes: readonly number[],
  scales: readonly number[],
  changes: Partial<ResizeOperator> = {},
) {
  return {
    kind: 'resize',
    interpolation: 'nearestFloor',
    coordinates: 'asymmetric',
    sizes,
    scales,
    ...changes,
  } as const satisfies ResizeOperator;
}

const allCoordinates: readonly ResizeCoordinates[] = [
  'alignCorners',
  'asymmetric',
  'halfPixel',
  'pytorchHalfPixel',
];

describe('resize', () => {
  it('repeats elements, rows apart from columns', () => {
    const x = tensor([1, 1, 2, 2], [1, 2, 3, 4]);
    const y = runFirst(resizeOf([2, 6], [1, 3]), x);
    expect(y.shape).toEqual([1, 1, 2, 6]);
    expect(valuesOf(y)).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
    expect(valuesOf(runFirst(resizeOf([4, 2], [2, 1]), x))).toEqual([1, 2, 1, 2, 3, 4, 3, 4]);
  });

  it.each([
    ['nearestFloor', [0, 0, 0, 0, 1]],
    ['nearestCeil', [0, 1, 1, 1, 1]],
    ['nearestRoundPreferFloor', [0, 0, 0, 1, 1]],
    ['nearestRoundPreferCeil', [0, 0, 1, 1, 1]],
  ] as const)('%s: takes the element on its side', (interpolation, expected) => {
    const x = tensor([1, 1, 2], [0, 1]);
    // Places 0, ¼, ½, ¾ and 1.
    expect(valuesOf(runFirst(resizeOf([5], [4], { interpolation }), x))).toEqual(expected);
  });

  it('mixes neighbours linearly and stops at the border', () => {
    const x = tensor([1, 1, 2], [0, 8]);
    const linear = { interpolation: 'linear' } as const;
    expect(valuesOf(runFirst(resizeOf([4], [2], { ...linear, coordinates: 'halfPixel' }), x))).toEqual([
      0, 2, 6, 8,
    ]);
    expect(valuesOf(runFirst(resizeOf([4], [2], linear), x))).toEqual([0, 4, 8, 8]);
    expect(valuesOf(runFirst(resizeOf([5], [2.5], { ...linear, coordinates: 'alignCorners' }), x))).toEqual([
      0, 2, 4, 6, 8,
    ]);
    const plane = tensor([1, 1, 2, 2], [0, 4, 8, 12]);
    const corners = resizeOf([3, 3], [1.5, 1.5], { ...linear, coordinates: 'alignCorners' });
    expect(valuesOf(runFirst(corners, plane))).toEqual([0, 2, 4, 4, 6, 8, 8, 10, 12]);
  });

  it('takes the first element alone where one is asked for, except half a pixel in', () => {
    const x = tensor([1, 1, 4], [1, 2, 3, 4]);
    const linear = { interpolation: 'linear' } as const;
    const one = (coordinates: ResizeCoordinates): number[] =>
      valuesOf(runFirst(resizeOf([1], [0.25], { ...linear, coordinates }), x));
    expect(allCoordinates.map(one)).toEqual([[1], [1], [2.5], [1]]);
  });

  it('does not let an infinite neighbour into an element that is met exactly', () => {
    const x = tensor([1, 1, 3], [1, Infinity, 3]);
    const linear = { interpolation: 'linear', coordinates: 'alignCorners' } as const;
    expect(valuesOf(runFirst(resizeOf([5], [5 / 3], linear), x))).toEqual([
      1,
      Infinity,
      Infinity,
      Infinity,
      3,
    ]);
  });

  it('changes nothing at its own size, keeps channels and items apart', () => {
    fc.assert(
      fc.property(
        exactTensors([2, 3, 4, 5]),
        fc.constantFrom(...allCoordinates),
        fc.constantFrom('linear', 'nearestCeil', 'nearestFloor'),
        (x, coordinates, interpolation) => {
          const op = resizeOf([4, 5], [1, 1], { coordinates, interpolation });
          expect(valuesOf(runFirst(op, x))).toEqual(valuesOf(x));
        },
      ),
    );
  });

  it('never leaves the input, and never goes back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(...allCoordinates),
        fc.constantFrom('linear', 'nearestCeil', 'nearestRoundPreferFloor', 'nearestRoundPreferCeil'),
        (extent, size, coordinates, interpolation) => {
          const taps = resizeTaps(
            resizeOf([size], [size / extent], { coordinates, interpolation }),
            0,
            extent,
          );
          taps.forEach(({ lower, upper, weight }, index) => {
            expect(lower).toBeGreaterThanOrEqual(taps[index - 1]?.lower ?? 0);
            expect([lower, lower + 1]).toContain(upper);
            expect(upper).toBeLessThan(extent);
            expect(weight >= 0 && weight < 1).toBe(true);
            expect(weight > 0).toBe(upper > lower);
          });
        },
      ),
    );
  });

  it.each([
    [resizeOf([2, 2, 2], [1, 1, 1]), [1, 1, 2, 2, 2], 'resize of 3 dimensions is not supported'],
    [resizeOf([2], [1]), [1, 1, 2, 2], 'resize of 1 dimension(s) needs an input of rank 3, got [1,1,2,2]'],
    [resizeOf([0], [1]), [1, 1, 2], 'attribute sizes'],
    [resizeOf([2], [0]), [1, 1, 2], 'attribute scales must hold 1 positive number(s), got [0]'],
    [resizeOf([2], [1, 1]), [1, 1, 2], 'attribute scales'],
    [resizeOf([2], [Infinity]), [1, 1, 2], 'attribute scales'],
  ])('refuses what does not fit (%#)', (op, x, message) => {
    expect(() => shapesOf(op, x)).toThrow(message);
  });
});
