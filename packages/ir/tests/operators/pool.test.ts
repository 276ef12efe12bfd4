import { describe, expect, it } from 'vitest';
import type { PoolOperator } from '../../src/index.ts';
import { runFirst, shapesOf } from '../support/run-operator.ts';
import { tensor, valuesOf } from '../support/tensors.ts';

function pool1d(changes: Partial<PoolOperator> = {}): PoolOperator {
  return {
    kind: 'pool',
    function: 'max',
    kernel: [3],
    strides: [1],
    padsBegin: [0],
    padsEnd: [0],
    dilations: [1],
    countIncludePad: false,
    ...changes,
  };
}

describe('pool', () => {
  it('takes the largest element of each window; padding never wins', () => {
    const x = tensor([1, 1, 5], [-3, -1, -4, -1, -5]);
    expect(valuesOf(runFirst(pool1d({ strides: [2] }), x))).toEqual([-1, -1]);
    expect(valuesOf(runFirst(pool1d({ padsBegin: [2], padsEnd: [1] }), x))).toEqual([-3, -1, -1, -1, -1, -1]);
  });

  it('averages what lies inside the input, or counts the padding as zeros', () => {
    const x = tensor([1, 1, 3], [3, 6, 9]);
    const padded = { function: 'average', padsBegin: [1], padsEnd: [1] } as const;
    expect(valuesOf(runFirst(pool1d(padded), x))).toEqual([4.5, 6, 7.5]);
    expect(valuesOf(runFirst(pool1d({ ...padded, countIncludePad: true }), x))).toEqual([3, 6, 5]);
  });

  it('tells rows from columns when windows, strides, pads and dilations differ', () => {
    const x = tensor([1, 1, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const op = pool1d({
      kernel: [2, 3],
      strides: [1, 2],
      padsBegin: [0, 1],
      padsEnd: [0, 0],
      dilations: [2, 1],
    });
    const y = runFirst(op, x);
    expect(y.shape).toEqual([1, 1, 1, 2]);
    expect(valuesOf(y)).toEqual([10, 12]);
    expect(valuesOf(runFirst({ ...op, function: 'average' }, x))).toEqual([(1 + 2 + 9 + 10) / 4, 7]);
  });

  it('keeps channels and items apart, and lets NaN through', () => {
    const x = tensor([2, 2, 3], [1, NaN, 2, 3, 4, 5, 6, 7, 8, 9, 10, Infinity]);
    expect(valuesOf(runFirst(pool1d(), x))).toEqual([NaN, 5, 8, Infinity]);
    expect(valuesOf(runFirst(pool1d({ function: 'average' }), x))).toEqual([NaN, 4, 7, Infinity]);
  });

  it.each([
    [{ kernel: [3, 3, 3] }, [1, 1, 8], 'pool over 3 dimensions'],
    [{}, [1, 8], 'needs an input of rank 3, got [1,8]'],
    [{ kernel: [0] }, [1, 1, 8], 'attribute kernel'],
    [{ strides: [0] }, [1, 1, 8], 'attribute strides'],
    [{ kernel: [9] }, [1, 1, 8], 'does not fit the padded input [1,1,8]'],
    [{ padsEnd: [3] }, [1, 1, 8], 'can lie outside the input [8]'],
    [{ kernel: [2], dilations: [2], padsBegin: [1] }, [1, 1, 1], 'can lie outside the input [1]'],
  ])('refuses what does not fit (%#)', (attributes, x, message) => {
    expect(() => shapesOf(pool1d(attributes), x)).toThrow(message);
  });
});
