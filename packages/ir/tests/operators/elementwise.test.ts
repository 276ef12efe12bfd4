import { broadcastShapes, type BinaryFunction, type Tensor, type UnaryFunction } from '../../src/index.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runFirst, shapesOf } from '../support/run-operator.ts';
import { exactTensors, relativeDifference, shapes, tensor, valuesOf } from '../support/tensors.ts';

describe('unary', () => {
  it.each<[UnaryFunction, readonly number[], readonly number[]]>([
    ['abs', [-2, 3], [2, 3]],
    ['exp', [0, 1], [1, Math.fround(Math.E)]],
    ['hardSigmoid', [-9, 0, 1, 9], [0, 0.5, Math.fround(0.7), 1]],
    ['hardSwish', [-4, 0, 3, 6], [0, 0, 3, 6]],
    ['leakyRelu', [-1, 2], [Math.fround(-0.01), 2]],
    ['log', [1, Math.E, 0, -1], [0, 1, -Infinity, NaN]],
    ['neg', [-2, 3], [2, -3]],
    ['relu', [-2, 0, 3, NaN], [0, 0, 3, NaN]],
    ['sigmoid', [0, 100, -100], [0.5, 1, Math.fround(Math.exp(-100))]],
    ['sqrt', [4, -1], [2, NaN]],
    ['square', [-3, 2], [9, 4]],
    ['tanh', [0, 20, -20], [0, 1, -1]],
  ])('%s', (name, x, expected) => {
    const y = runFirst({ kind: 'unary', activation: { function: name } }, tensor([x.length], x));
    expect(relativeDifference(y.data, expected)).toBeLessThanOrEqual(1e-7);
  });

  it('takes the slope and offset of its activation', () => {
    const x = tensor([2], [-2, 1]);
    expect(
      valuesOf(runFirst({ kind: 'unary', activation: { function: 'leakyRelu', alpha: 0.5 } }, x)),
    ).toEqual([-1, 1]);
    const hard = { function: 'hardSigmoid', alpha: 0.25, beta: 0.25 } as const;
    expect(valuesOf(runFirst({ kind: 'unary', activation: hard }, x))).toEqual([0, 0.5]);
  });
});

describe('binary', () => {
  it.each<[BinaryFunction, number]>([
    ['add', 10],
    ['div', 4],
    ['max', 8],
    ['min', 2],
    ['mul', 16],
    ['pow', 64],
    ['sub', 6],
  ])('%s', (name, expected) => {
    const y = runFirst({ kind: 'binary', function: name }, tensor([1], [8]), tensor([1], [2]));
    expect(valuesOf(y)).toEqual([expected]);
  });

  it('broadcasts as NumPy does', () => {
    const y = runFirst(
      { kind: 'binary', function: 'add' },
      tensor([2, 1], [10, 20]),
      tensor([1, 3], [1, 2, 3]),
    );
    expect(y.shape).toEqual([2, 3]);
    expect(valuesOf(y)).toEqual([11, 12, 13, 21, 22, 23]);
    expect(shapesOf({ kind: 'binary', function: 'mul' }, [4, 1, 3], [2, 1])).toEqual([[4, 2, 3]]);
    expect(shapesOf({ kind: 'binary', function: 'mul' }, [], [2, 1])).toEqual([[2, 1]]);
  });

  it('applies its activation to the result', () => {
    const op = { kind: 'binary', function: 'sub', activation: { function: 'relu' } } as const;
    expect(valuesOf(runFirst(op, tensor([2], [1, 5]), tensor([], [3])))).toEqual([0, 2]);
  });

  it('broadcasting equals repeating the operand first', () => {
    const cases = shapes(1, 3).chain((shape) =>
      fc
        .tuple(
          fc.constant(shape),
          fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
        )
        .chain(([full, repeat]) => {
          const narrow = full.map((extent, axis) => (repeat[axis] === true ? 1 : extent));
          return fc.record({ a: exactTensors(full), b: exactTensors(narrow) });
        }),
    );
    fc.assert(
      fc.property(cases, ({ a, b }) => {
        let repeated: Tensor = b;
        a.shape.forEach((extent, axis) => {
          if (repeated.shape[axis] === extent) return;
          const copies = Array.from({ length: extent }, () => repeated);
          repeated = runFirst({ kind: 'concat', axis }, ...copies);
        });
        const op = { kind: 'binary', function: 'sub' } as const;
        expect(valuesOf(runFirst(op, a, b))).toEqual(valuesOf(runFirst(op, a, repeated)));
      }),
      { numRuns: 50 },
    );
  });

  it('refuses shapes that do not broadcast and names both', () => {
    expect(() => broadcastShapes([2, 3], [2])).toThrow('shapes [2,3] and [2] do not broadcast');
    expect(() => shapesOf({ kind: 'binary', function: 'add' }, [2, 3])).toThrow('operand b is missing');
  });
});
