import { operatorDefinition } from '../../src/index.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runFirst, shapesOf } from '../support/run-operator.ts';
import { exactTensors, tensor, valuesOf } from '../support/tensors.ts';

describe('linear', () => {
  it('multiplies every vector by the rows of the weights', () => {
    const x = tensor([2, 1, 2], [1, 2, 3, 4]);
    const weights = tensor([3, 2], [1, 0, 0, 1, 1, 1]);
    const y = runFirst({ kind: 'linear' }, x, weights, tensor([3], [0, 0, 10]));
    expect(y.shape).toEqual([2, 1, 3]);
    expect(valuesOf(y)).toEqual([1, 2, 13, 3, 4, 17]);
  });

  it('accumulates in double precision', () => {
    const x = tensor([3], [2 ** 25, 1, -(2 ** 25)]);
    expect(valuesOf(runFirst({ kind: 'linear' }, x, tensor([1, 3], [1, 1, 1])))).toEqual([1]);
  });

  it('equals a 1x1 convolution of a signal of length 1', () => {
    fc.assert(
      fc.property(exactTensors([2, 5]), exactTensors([4, 5]), exactTensors([4]), (x, weights, bias) => {
        const activation = { function: 'tanh' } as const;
        const y = runFirst({ kind: 'linear', activation }, x, weights, bias);
        const convolved = runFirst(
          {
            kind: 'conv',
            strides: [1],
            padsBegin: [0],
            padsEnd: [0],
            dilations: [1],
            groups: 1,
            activation,
          },
          { shape: [2, 5, 1], data: x.data },
          { shape: [4, 5, 1], data: weights.data },
          bias,
        );
        expect(valuesOf(y)).toEqual(valuesOf(convolved));
      }),
      { numRuns: 30 },
    );
  });

  it('counts multiply-adds and describes its weights', () => {
    const definition = operatorDefinition('linear');
    expect(
      definition.macs(
        { kind: 'linear' },
        [
          [2, 5],
          [4, 5],
        ],
        [[2, 4]],
      ),
    ).toBe(40);
    expect(
      definition.weightMatrices({ kind: 'linear', fixed: 'mel filters' }, [
        [2, 5],
        [4, 5],
      ]),
    ).toEqual([{ input: 1, rows: 4, columns: 5, unprunable: 'mel filters' }]);
  });

  it('refuses operands that do not fit and names both shapes', () => {
    expect(() => shapesOf({ kind: 'linear' }, [2, 5], [4, 6])).toThrow('got [2,5] and [4,6]');
    expect(() => shapesOf({ kind: 'linear' }, [2, 5], [4, 5, 1])).toThrow('got [2,5] and [4,5,1]');
    expect(() => shapesOf({ kind: 'linear' }, [], [4, 5])).toThrow('got [] and [4,5]');
    expect(() => shapesOf({ kind: 'linear' }, [5], [4, 5], [5])).toThrow('operand bias must be [4], got [5]');
  });
});
