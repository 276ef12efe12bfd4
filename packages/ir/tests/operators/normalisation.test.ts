import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runFirst, shapesOf } from '../support/run-operator.ts';
import { exactTensors, tensor, valuesOf } from '../support/tensors.ts';

describe('softmax', () => {
  it('gives exponentials that sum to 1 along its axis', () => {
    const x = tensor([2, 2], [0, Math.log(3), 0, 0]);
    const [a, b, c, d] = valuesOf(runFirst({ kind: 'softmax', axis: 1 }, x));
    expect([a, b]).toEqual([expect.closeTo(1 / 4, 6), expect.closeTo(3 / 4, 6)]);
    expect([c, d]).toEqual([0.5, 0.5]);
    const down = valuesOf(runFirst({ kind: 'softmax', axis: 0 }, x));
    expect(down).toEqual([0.5, expect.closeTo(3 / 4, 6), 0.5, expect.closeTo(1 / 4, 6)]);
  });

  it('does not overflow, and is not changed by an offset', () => {
    fc.assert(
      fc.property(exactTensors([2, 3, 4]), fc.constantFrom(0, 1, 2), (x, axis) => {
        const shifted = { ...x, data: x.data.map((value) => value + 1024) };
        const op = { kind: 'softmax', axis } as const;
        expect(valuesOf(runFirst(op, shifted))).toEqual(valuesOf(runFirst(op, x)));
      }),
    );
  });

  it('lets NaN through and gives none of the weight to −∞', () => {
    const x = tensor([3, 2], [NaN, 1, -Infinity, 5, 2, 2]);
    expect(valuesOf(runFirst({ kind: 'softmax', axis: 1 }, x))).toEqual([NaN, NaN, 0, 1, 0.5, 0.5]);
  });

  it('refuses an axis that is not there', () => {
    expect(() => shapesOf({ kind: 'softmax', axis: 2 }, [2, 3])).toThrow('axis 2 is outside shape [2,3]');
  });
});

describe('layerNorm', () => {
  const op = { kind: 'layerNorm', axis: 1, epsilon: 0 } as const;

  it('normalises, scales and shifts what follows its axis', () => {
    const x = tensor([2, 2], [1, 3, -10, 30]);
    expect(valuesOf(runFirst(op, x, tensor([2], [1, 2])))).toEqual([-1, 2, -1, 2]);
    expect(valuesOf(runFirst(op, x, tensor([2], [1, 2]), tensor([2], [0.5, 1])))).toEqual([-0.5, 3, -0.5, 3]);
  });

  it('takes several axes together', () => {
    const x = tensor([1, 2, 2], [1, 1, 3, 3]);
    expect(valuesOf(runFirst(op, x, tensor([2, 2], [1, 1, 1, 1])))).toEqual([-1, -1, 1, 1]);
  });

  it('divides by the root of epsilon where nothing varies', () => {
    const x = tensor([1, 3], [7, 7, 7]);
    expect(valuesOf(runFirst({ ...op, epsilon: 1e-5 }, x, tensor([3], [1, 1, 1])))).toEqual([0, 0, 0]);
  });

  it.each([
    [{ axis: 2 }, [2, 3], [3], null, 'axis 2 is outside shape [2,3]'],
    [{ epsilon: -1 }, [2, 3], [3], null, 'attribute epsilon must not be negative, got -1'],
    [{ epsilon: NaN }, [2, 3], [3], null, 'attribute epsilon'],
    [{}, [2, 3], [2], null, 'operand scale must be [3], got [2]'],
    [{}, [2, 3], [3], [1], 'operand bias must be [3], got [1]'],
    [{}, [2, 3], null, null, 'operand scale is missing'],
  ])('refuses what does not fit (%#)', (attributes, x, scale, bias, message) => {
    expect(() => shapesOf({ ...op, ...attributes }, x, scale, bias)).toThrow(message);
  });
});
