import type { SliceOperator } from '../../src/index.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runFirst, shapesOf } from '../support/run-operator.ts';
import { exactTensors, shapes, tensor, valuesOf } from '../support/tensors.ts';

function sliceAlong(shape: readonly number[], axis: number, start: number, size: number): SliceOperator {
  return {
    kind: 'slice',
    starts: shape.map((_, position) => (position === axis ? start : 0)),
    sizes: shape.map((extent, position) => (position === axis ? size : extent)),
    steps: shape.map(() => 1),
  };
}

/** A tensor of rank 1 to 3 and one of its axes. */
const tensorsWithAxis = shapes(1, 3).chain((shape) =>
  fc.record({ x: exactTensors(shape), axis: fc.nat({ max: shape.length - 1 }) }),
);

describe('concat', () => {
  it('joins along an inner axis', () => {
    const y = runFirst({ kind: 'concat', axis: 1 }, tensor([2, 1], [1, 2]), tensor([2, 2], [3, 4, 5, 6]));
    expect(y.shape).toEqual([2, 3]);
    expect(valuesOf(y)).toEqual([1, 3, 4, 2, 5, 6]);
  });

  it('of the slices of a tensor is the tensor', () => {
    fc.assert(
      fc.property(tensorsWithAxis, fc.nat(), ({ x, axis }, choice) => {
        const extent = x.shape[axis] ?? 0;
        const cut = choice % extent;
        const parts = [
          [0, cut],
          [cut, extent - cut],
        ]
          .filter(([, size]) => size !== 0)
          .map(([start = 0, size = 0]) => runFirst(sliceAlong(x.shape, axis, start, size), x));
        const joined = runFirst({ kind: 'concat', axis }, ...parts);
        expect(joined.shape).toEqual(x.shape);
        expect(valuesOf(joined)).toEqual(valuesOf(x));
      }),
    );
  });

  it('refuses shapes that differ elsewhere', () => {
    expect(() => shapesOf({ kind: 'concat', axis: 0 }, [2, 3], [2, 4])).toThrow(
      'concat along axis 0 cannot join [2,3] and [2,4]',
    );
    expect(() => shapesOf({ kind: 'concat', axis: 0 }, [2, 3], [2])).toThrow('cannot join [2,3] and [2]');
    expect(() => shapesOf({ kind: 'concat', axis: 2 }, [2, 3])).toThrow('axis 2 is outside shape [2,3]');
    expect(() => shapesOf({ kind: 'concat', axis: 0 }, [2, 3], null)).toThrow('operand x1 is missing');
    expect(() => shapesOf({ kind: 'concat', axis: 0 })).toThrow('operand x0 is missing');
  });
});

describe('slice', () => {
  it('takes every second element, backwards', () => {
    const x = tensor([2, 5], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const y = runFirst({ kind: 'slice', starts: [1, 4], sizes: [1, 3], steps: [1, -2] }, x);
    expect(valuesOf(y)).toEqual([9, 7, 5]);
  });

  it.each([
    [
      [0, 3],
      [2, 3],
      [1, 1],
    ],
    [
      [0, 1],
      [2, 3],
      [1, -1],
    ],
    [
      [2, 0],
      [1, 1],
      [1, 1],
    ],
    [
      [0, 0],
      [2, 5],
      [1, 0],
    ],
  ])('refuses to leave the tensor (%#)', (starts, sizes, steps) => {
    expect(() => shapesOf({ kind: 'slice', starts, sizes, steps }, [2, 5])).toThrow('leaves [2,5] on axis');
  });

  it('refuses malformed attributes', () => {
    expect(() => shapesOf({ kind: 'slice', starts: [0], sizes: [1, 1], steps: [1, 1] }, [2, 5])).toThrow(
      'attribute starts needs 2 value(s), got [0]',
    );
    expect(() => shapesOf({ kind: 'slice', starts: [0], sizes: [0], steps: [1] }, [2])).toThrow(
      'attribute sizes must hold integers of at least 1, got [0]',
    );
  });
});

describe('transpose', () => {
  it('moves dimensions', () => {
    const x = tensor([1, 2, 3], [1, 2, 3, 4, 5, 6]);
    const y = runFirst({ kind: 'transpose', permutation: [2, 0, 1] }, x);
    expect(y.shape).toEqual([3, 1, 2]);
    expect(valuesOf(y)).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it('is undone by the inverse permutation', () => {
    const cases = shapes(2, 4).chain((shape) =>
      fc.record({
        x: exactTensors(shape),
        permutation: fc.shuffledSubarray(
          shape.map((_, axis) => axis),
          { minLength: shape.length },
        ),
      }),
    );
    fc.assert(
      fc.property(cases, ({ x, permutation }) => {
        const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
        const there = runFirst({ kind: 'transpose', permutation }, x);
        const back = runFirst({ kind: 'transpose', permutation: inverse }, there);
        expect(back.shape).toEqual(x.shape);
        expect(valuesOf(back)).toEqual(valuesOf(x));
      }),
    );
  });

  it('refuses what is no permutation', () => {
    expect(() => shapesOf({ kind: 'transpose', permutation: [0, 0] }, [2, 3])).toThrow(
      'permutation [0,0] does not fit [2,3]',
    );
    expect(() => shapesOf({ kind: 'transpose', permutation: [0] }, [2, 3])).toThrow('does not fit [2,3]');
  });
});

describe('reshape', () => {
  it('keeps the elements and their order', () => {
    const y = runFirst({ kind: 'reshape', shape: [3, 2] }, tensor([2, 3], [1, 2, 3, 4, 5, 6]));
    expect(y.shape).toEqual([3, 2]);
    expect(valuesOf(y)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('refuses another number of elements', () => {
    expect(() => shapesOf({ kind: 'reshape', shape: [4] }, [2, 3])).toThrow(
      '[2,3] cannot be reshaped to [4]',
    );
    expect(() => shapesOf({ kind: 'reshape', shape: [-1] }, [2, 3])).toThrow('attribute shape');
  });
});

describe('pad', () => {
  it.each([
    ['constant', [9, 9, 1, 2, 3, 9]],
    ['edge', [1, 1, 1, 2, 3, 3]],
    ['reflect', [3, 2, 1, 2, 3, 2]],
  ] as const)('%s', (mode, expected) => {
    const y = runFirst({ kind: 'pad', mode, begin: [2], end: [1], value: 9 }, tensor([3], [1, 2, 3]));
    expect(valuesOf(y)).toEqual(expected);
  });

  it('is undone by a slice', () => {
    const cases = shapes(1, 3).chain((shape) =>
      fc.record({
        x: exactTensors(shape),
        begin: fc.tuple(...shape.map(() => fc.nat({ max: 2 }))),
        end: fc.tuple(...shape.map(() => fc.nat({ max: 2 }))),
        mode: fc.constantFrom('constant' as const, 'edge' as const),
      }),
    );
    fc.assert(
      fc.property(cases, ({ x, begin, end, mode }) => {
        const padded = runFirst({ kind: 'pad', mode, begin, end, value: 1 }, x);
        const steps = x.shape.map(() => 1);
        const back = runFirst({ kind: 'slice', starts: begin, sizes: x.shape, steps }, padded);
        expect(valuesOf(back)).toEqual(valuesOf(x));
      }),
    );
  });

  it('refuses a reflection beyond the tensor and negative counts', () => {
    const op = { kind: 'pad', mode: 'reflect', begin: [0], end: [3], value: 0 } as const;
    expect(() => shapesOf(op, [3])).toThrow('needs larger extents than [3]');
    expect(() => shapesOf({ ...op, mode: 'constant', end: [-1] }, [3])).toThrow('attribute end');
  });
});

describe('reduce', () => {
  it.each([
    ['max', [5, 6]],
    ['mean', [3, 4]],
    ['min', [1, 2]],
    ['sum', [9, 12]],
  ] as const)('%s', (name, expected) => {
    const x = tensor([3, 2], [1, 2, 3, 4, 5, 6]);
    const y = runFirst({ kind: 'reduce', function: name, axes: [0], keepDims: false }, x);
    expect(y.shape).toEqual([2]);
    expect(valuesOf(y)).toEqual(expected);
  });

  it('keeps reduced dimensions when asked', () => {
    const op = { kind: 'reduce', function: 'sum', axes: [0, 2], keepDims: true } as const;
    expect(shapesOf(op, [2, 3, 4])).toEqual([[1, 3, 1]]);
  });

  it('axis by axis equals all axes at once', () => {
    fc.assert(
      fc.property(exactTensors([3, 2, 4]), (x) => {
        const reduceAlong = (axes: number[], from: typeof x): typeof x =>
          runFirst({ kind: 'reduce', function: 'sum', axes, keepDims: true }, from);
        expect(valuesOf(reduceAlong([0], reduceAlong([2], x)))).toEqual(valuesOf(reduceAlong([0, 2], x)));
      }),
      { numRuns: 30 },
    );
  });

  it('refuses axes that do not exist or repeat', () => {
    const op = { kind: 'reduce', function: 'sum', axes: [0], keepDims: true } as const;
    expect(() => shapesOf({ ...op, axes: [1, 1] }, [2, 3])).toThrow('attribute axes must ascend, got [1,1]');
    expect(() => shapesOf({ ...op, axes: [2] }, [2, 3])).toThrow('axis 2 is outside shape [2,3]');
  });
});
