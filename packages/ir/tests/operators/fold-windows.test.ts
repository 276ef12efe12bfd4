import { describe, expect, it } from 'vitest';
import { runOperator, shapesOf } from '../support/run-operator.ts';
import { tensor, valuesOf } from '../support/tensors.ts';

describe('foldWindows', () => {
  it('adds and subtracts samples that mirror each other in each window', () => {
    const x = tensor([1, 1, 8], [1, 2, 4, 8, 16, 32, 64, 128]);
    const [even, odd] = runOperator({ kind: 'foldWindows', size: 4, stride: 3 }, x);
    // Windows 1 2 4 8 and 8 16 32 64.
    expect(even?.shape).toEqual([1, 3, 2]);
    expect(valuesOf(even)).toEqual([1, 8, 2 + 8, 16 + 64, 4, 32]);
    expect(odd?.shape).toEqual([1, 1, 2]);
    expect(valuesOf(odd)).toEqual([2 - 8, 16 - 64]);
  });

  it('keeps batches apart', () => {
    const x = tensor([2, 1, 4], [1, 2, 3, 4, 10, 20, 30, 40]);
    const [even, odd] = runOperator({ kind: 'foldWindows', size: 4, stride: 1 }, x);
    expect(valuesOf(even)).toEqual([1, 6, 3, 10, 60, 30]);
    expect(valuesOf(odd)).toEqual([-2, -20]);
  });

  it.each([
    [{ size: 5, stride: 1 }, [1, 1, 8], 'attribute size must be even, got 5'],
    [{ size: 2, stride: 1 }, [1, 1, 8], 'attribute size must hold integers of at least 4'],
    [{ size: 4, stride: 0 }, [1, 1, 8], 'attribute stride'],
    [{ size: 4, stride: 1 }, [1, 2, 8], 'got [1,2,8]'],
    [{ size: 4, stride: 1 }, [1, 1, 3], 'with L ≥ 4, got [1,1,3]'],
    [{ size: 4, stride: 1 }, [1, 8], 'got [1,8]'],
  ])('refuses what does not fit (%#)', (attributes, x, message) => {
    expect(() => shapesOf({ kind: 'foldWindows', ...attributes }, x)).toThrow(message);
  });
});
