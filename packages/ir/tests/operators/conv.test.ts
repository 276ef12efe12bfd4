import { operatorDefinition, type ConvOperator, type Tensor } from '../../src/index.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runFirst, shapesOf } from '../support/run-operator.ts';
import { exactTensors, tensor, valuesOf } from '../support/tensors.ts';

function conv1d(changes: Partial<ConvOperator> = {}): ConvOperator {
  return { kind: 'conv', strides: [1], padsBegin: [0], padsEnd: [0], dilations: [1], groups: 1, ...changes };
}

function conv2d(changes: Partial<ConvOperator> = {}): ConvOperator {
  return {
    kind: 'conv',
    strides: [1, 1],
    padsBegin: [0, 0],
    padsEnd: [0, 0],
    dilations: [1, 1],
    groups: 1,
    ...changes,
  };
}

describe('conv', () => {
  it('slides a kernel over one dimension with zeros at the borders', () => {
    const x = tensor([1, 1, 4], [1, 2, 3, 4]);
    const weights = tensor([1, 1, 3], [1, 10, 100]);
    const y = runFirst(conv1d({ padsBegin: [1], padsEnd: [1] }), x, weights, tensor([1], [0.5]));
    expect(y.shape).toEqual([1, 1, 4]);
    expect(valuesOf(y)).toEqual([210.5, 321.5, 432.5, 43.5]);
  });

  it('honours stride, dilation and one-sided padding', () => {
    const x = tensor([1, 1, 5], [1, 2, 3, 4, 5]);
    const weights = tensor([1, 1, 2], [1, 10]);
    const y = runFirst(conv1d({ strides: [2], dilations: [2], padsBegin: [2] }), x, weights);
    expect(valuesOf(y)).toEqual([10, 31, 53]);
  });

  it('sums channels of a plane in C-major order', () => {
    const x = tensor([1, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    const weights = tensor([1, 2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 10]);
    expect(valuesOf(runFirst(conv2d(), x, weights))).toEqual([81]);
  });

  it('tells rows from columns when their strides, pads and dilations differ', () => {
    const x = tensor([1, 1, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const weights = tensor([1, 1, 2, 2], [1, 10, 100, 1000]);
    const op = conv2d({ strides: [1, 2], padsBegin: [0, 1], dilations: [2, 1] });
    const y = runFirst(op, x, weights);
    expect(y.shape).toEqual([1, 1, 1, 2]);
    expect(valuesOf(y)).toEqual([9010, 11 * 1000 + 10 * 100 + 3 * 10 + 2]);
  });

  it('applies its activation after the bias', () => {
    const x = tensor([1, 1, 2], [1, -3]);
    const y = runFirst(
      conv1d({ activation: { function: 'relu' } }),
      x,
      tensor([1, 1, 1], [2]),
      tensor([1], [1]),
    );
    expect(valuesOf(y)).toEqual([3, 0]);
  });

  it('is linear in its input', () => {
    const op = conv2d({ padsBegin: [1, 0], strides: [2, 1] });
    fc.assert(
      fc.property(
        exactTensors([2, 2, 3, 4]),
        exactTensors([2, 2, 3, 4]),
        exactTensors([3, 2, 2, 2]),
        (a, b, weights) => {
          const sum: Tensor = { shape: a.shape, data: a.data.map((value, i) => value + (b.data[i] ?? NaN)) };
          const separate = runFirst(op, b, weights).data;
          const expected = runFirst(op, a, weights).data.map((value, i) => value + (separate[i] ?? NaN));
          expect(valuesOf(runFirst(op, sum, weights))).toEqual(valuesOf(expected));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('with groups equals one convolution per group', () => {
    fc.assert(
      fc.property(exactTensors([1, 4, 5]), exactTensors([6, 2, 3]), (x, weights) => {
        const grouped = runFirst(conv1d({ groups: 2 }), x, weights);
        const halves = [0, 1].flatMap((group) =>
          valuesOf(
            runFirst(
              conv1d(),
              { shape: [1, 2, 5], data: x.data.slice(group * 10, (group + 1) * 10) },
              { shape: [3, 2, 3], data: weights.data.slice(group * 18, (group + 1) * 18) },
            ),
          ),
        );
        expect(valuesOf(grouped)).toEqual(halves);
      }),
      { numRuns: 30 },
    );
  });

  it('counts a multiply-add per output and weight of a filter', () => {
    const op = conv1d({ groups: 2 });
    const inputs = [[1, 4, 5], [6, 2, 3], null];
    const definition = operatorDefinition('conv');
    expect(definition.macs(op, inputs, definition.inferShapes(op, inputs))).toBe(6 * 3 * 2 * 3);
  });

  it('says which weights can be pruned and why others cannot', () => {
    const matrices = (op: ConvOperator, weights: number[]): unknown =>
      operatorDefinition('conv').weightMatrices(op, [[1, 4, 9], weights]);
    expect(matrices(conv1d(), [8, 4, 3])).toEqual([{ input: 1, rows: 8, columns: 12 }]);
    expect(matrices(conv1d({ groups: 4 }), [8, 1, 3])).toEqual([
      { input: 1, rows: 8, columns: 3, unprunable: '4 groups' },
    ]);
    expect(matrices(conv1d({ fixed: 'window' }), [8, 4, 3])).toMatchObject([{ unprunable: 'window' }]);
    expect(matrices(conv1d(), [1, 4, 3])).toMatchObject([{ unprunable: 'only 1 row' }]);
    expect(matrices(conv1d(), [3, 4, 3])).toMatchObject([{ unprunable: 'only 3 rows' }]);
  });

  it.each([
    [
      conv1d(),
      [
        [1, 3, 8],
        [4, 2, 3],
      ],
      'conv with 1 group(s) cannot apply weights [4,2,3] to input [1,3,8]',
    ],
    [
      conv1d(),
      [
        [1, 2, 8, 8],
        [4, 2, 3],
      ],
      'rank 3, got [1,2,8,8] and [4,2,3]',
    ],
    [
      conv1d(),
      [
        [1, 2, 2],
        [4, 2, 3],
      ],
      'kernel [3] does not fit the padded input [1,2,2]',
    ],
    [conv1d(), [[1, 2, 8], [4, 2, 3], [3]], 'operand bias must be [4], got [3]'],
    [conv1d(), [[1, 2, 8]], 'operand weights is missing'],
    [
      conv1d({ strides: [0] }),
      [
        [1, 2, 8],
        [4, 2, 3],
      ],
      'attribute strides must hold integers of at least 1',
    ],
    [
      conv1d({ padsBegin: [-1] }),
      [
        [1, 2, 8],
        [4, 2, 3],
      ],
      'attribute padsBegin must hold integers of at least 0',
    ],
    [
      conv1d({ dilations: [1, 1] }),
      [
        [1, 2, 8],
        [4, 2, 3],
      ],
      'attribute dilations needs 1 value(s), got [1,1]',
    ],
    [
      conv1d({ groups: 1.5 }),
      [
        [1, 2, 8],
        [4, 2, 3],
      ],
      'attribute groups',
    ],
    [
      conv1d({ strides: [1, 1, 1] }),
      [
        [1, 2, 8],
        [4, 2, 3],
      ],
      'over 3 dimensions is not supported',
    ],
  ] as const)('refuses what does not fit (%#)', (op, inputs, message) => {
    expect(() => shapesOf(op, ...inputs)).toThrow(message);
  });
});
