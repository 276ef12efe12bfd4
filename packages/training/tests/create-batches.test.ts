import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatches } from '../src/index.ts';

const examplesOf = (count: number): { shape: number[]; data: Float32Array } => ({
  shape: [count, 2, 3],
  data: Float32Array.from({ length: count * 6 }, (_, index) => index),
});

describe('createBatches', () => {
  it('takes every example once an epoch, each where the batch axis says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(0, 1, 2),
        fc.integer(),
        (size, perEpoch, axis, seed) => {
          const count = size * perEpoch;
          const batches = createBatches(
            { inputs: { x: examplesOf(count) }, target: (chosen) => chosen },
            { batch: { size, axes: { x: axis } }, seed },
          );
          const seen = Array.from({ length: perEpoch }, () => {
            const { inputs, target } = batches.next();
            const inner = [6, 3, 1][axis] ?? 1;
            target.forEach((example, place) => {
              for (let index = 0; index < 6; index++) {
                const at = (Math.floor(index / inner) * size + place) * inner + (index % inner);
                expect(inputs['x']?.[at]).toBe(example * 6 + index);
              }
            });
            return target;
          }).flat();
          expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
        },
      ),
    );
  });

  it('goes on from a position with the same batches', () => {
    const open = (): ReturnType<typeof createBatches<readonly number[]>> =>
      createBatches(
        { inputs: { x: examplesOf(10) }, target: (chosen) => chosen },
        { batch: { size: 4, axes: { x: 0 } }, seed: 7, remainder: 'wrap' },
      );
    const first = open();
    const taken = Array.from({ length: 9 }, () => first.next().target);
    expect(first.position()).toBe(9);
    const second = open();
    second.seek(5);
    expect(Array.from({ length: 4 }, () => second.next().target)).toEqual(taken.slice(5));
    expect(new Set(taken.slice(0, 3).flat()).size).toBe(10);
    expect(taken.slice(0, 3)).not.toEqual(taken.slice(3, 6));
  });

  it('refuses examples that do not fit', () => {
    const options = { batch: { size: 4, axes: { x: 0, z: 0 } }, seed: 1 };
    expect(() => createBatches({ inputs: { x: examplesOf(3) }, target: () => null }, options)).toThrow(
      '3 example(s) do not fill a batch of 4',
    );
    const inputs = { x: examplesOf(4), z: { shape: [3], data: new Float32Array(3) } };
    expect(() => createBatches({ inputs, target: () => null }, options)).toThrow(
      'input z [3] with 3 value(s) does not hold 4 example(s)',
    );
  });

  it.each([0, 2.5, NaN, -3, Infinity])('refuses a batch of %s', (size) => {
    expect(() =>
      createBatches(
        { inputs: { x: examplesOf(8) }, target: () => null },
        { batch: { size, axes: { x: 0 } }, seed: 1 },
      ),
    ).toThrow(`batch size must be a positive integer, got ${size}`);
  });

  it.each([
    [{ x: 3 }, 'batch axis 3 of x is outside its shape [8,2,3]'],
    [{ x: 0.5 }, 'batch axis 0.5 of x is outside its shape [8,2,3]'],
    [{ x: -1 }, 'batch axis -1 of x is outside its shape [8,2,3]'],
    [{ X: 1 }, 'batch axes do not say which axis of input x counts examples'],
  ])('refuses axes %j', (axes, message) => {
    expect(() =>
      createBatches(
        { inputs: { x: examplesOf(8) }, target: () => null },
        { batch: { size: 4, axes }, seed: 1 },
      ),
    ).toThrow(message);
  });
});
