import { operatorDefinition, type GruOperator, type LstmOperator, type Tensor } from '../../src/index.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runOperator, shapesOf } from '../support/run-operator.ts';
import { exactTensors, tensor, valuesOf } from '../support/tensors.ts';

const hidden = 3;
const features = 2;
const batch = 2;
const steps = 5;

const lstm: LstmOperator = {
  kind: 'lstm',
  hidden,
  direction: 'forward',
  activations: [{ function: 'sigmoid' }, { function: 'tanh' }, { function: 'tanh' }],
};

const gru: GruOperator = {
  kind: 'gru',
  hidden,
  direction: 'forward',
  linearBeforeReset: true,
  activations: [{ function: 'sigmoid' }, { function: 'tanh' }],
};

const lstmOperands = fc.tuple(
  exactTensors([steps, batch, features]),
  exactTensors([4 * hidden, features]),
  exactTensors([4 * hidden, hidden]),
  exactTensors([4 * hidden]),
  exactTensors([batch, hidden]),
  exactTensors([batch, hidden]),
);

const gruOperands = fc.tuple(
  exactTensors([steps, batch, features]),
  exactTensors([3 * hidden, features]),
  exactTensors([3 * hidden, hidden]),
  exactTensors([3 * hidden]),
  exactTensors([3 * hidden]),
  exactTensors([batch, hidden]),
);

/** Time steps `start` to `end` of a sequence `[T,N,I]`. */
function during(x: Tensor, start: number, end: number): Tensor {
  const step = x.data.length / (x.shape[0] ?? 1);
  return { shape: [end - start, ...x.shape.slice(1)], data: x.data.slice(start * step, end * step) };
}

function reversed(x: Tensor): Tensor {
  const length = x.shape[0] ?? 0;
  const order = Array.from({ length }, (_, step) => length - 1 - step);
  return { shape: x.shape, data: Float32Array.from(order.flatMap((t) => valuesOf(during(x, t, t + 1)))) };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('lstm', () => {
  it('follows its equations with gates in the order input, output, forget, cell', () => {
    const one: LstmOperator = { ...lstm, hidden: 1 };
    const [y, h, c] = runOperator(
      one,
      tensor([1, 1, 1], [0.5]),
      tensor([4, 1], [1, 2, 3, 4]),
      tensor([4, 1], [0.1, 0.2, 0.3, 0.4]),
      tensor([4], [0.01, 0.02, 0.03, 0.04]),
      tensor([1, 1], [-1]),
      tensor([1, 1], [2]),
    );
    const gate = (w: number, r: number, b: number): number => w * 0.5 - r + b;
    const cell =
      sigmoid(gate(3, 0.3, 0.03)) * 2 + sigmoid(gate(1, 0.1, 0.01)) * Math.tanh(gate(4, 0.4, 0.04));
    const output = sigmoid(gate(2, 0.2, 0.02)) * Math.tanh(cell);
    expect(valuesOf(c)[0]).toBeCloseTo(cell, 6);
    expect(valuesOf(h)[0]).toBeCloseTo(output, 6);
    expect(valuesOf(y)).toEqual(valuesOf(h));
  });

  it('in chunks with carried state equals the whole sequence', () => {
    fc.assert(
      fc.property(lstmOperands, fc.integer({ min: 1, max: steps - 1 }), ([x, w, r, bias, h0, c0], cut) => {
        const [y, h, c] = runOperator(lstm, x, w, r, bias, h0, c0);
        const first = runOperator(lstm, during(x, 0, cut), w, r, bias, h0, c0);
        const rest = runOperator(lstm, during(x, cut, steps), w, r, bias, first[1] ?? null, first[2] ?? null);
        expect([...valuesOf(first[0]), ...valuesOf(rest[0])]).toEqual(valuesOf(y));
        expect(valuesOf(rest[1])).toEqual(valuesOf(h));
        expect(valuesOf(rest[2])).toEqual(valuesOf(c));
      }),
      { numRuns: 30 },
    );
  });

  it('in reverse equals forward over the reversed sequence', () => {
    fc.assert(
      fc.property(lstmOperands, ([x, ...rest]) => {
        const [y, h, c] = runOperator({ ...lstm, direction: 'reverse' }, x, ...rest);
        const mirrored = runOperator(lstm, reversed(x), ...rest);
        expect(valuesOf(y)).toEqual(valuesOf(mirrored[0] && reversed(mirrored[0])));
        expect([valuesOf(h), valuesOf(c)]).toEqual([valuesOf(mirrored[1]), valuesOf(mirrored[2])]);
      }),
      { numRuns: 30 },
    );
  });

  it('treats absent operands as zeros', () => {
    fc.assert(
      fc.property(lstmOperands, ([x, w, r]) => {
        const zero = (shape: number[]): Tensor =>
          tensor(shape, new Array<number>(shape.reduce((a, b) => a * b)).fill(0));
        const state = [batch, hidden];
        const explicit = runOperator(lstm, x, w, r, zero([4 * hidden]), zero(state), zero(state));
        const implicit = runOperator(lstm, x, w, r, null);
        expect(implicit.map(valuesOf)).toEqual(explicit.map(valuesOf));
      }),
      { numRuns: 20 },
    );
  });

  it('does not write to its operands', () => {
    const h0 = tensor([1, 3], [1, 2, 3]);
    const c0 = tensor([1, 3], [1, 2, 3]);
    const weights = (columns: number): Tensor =>
      tensor([12, columns], new Array<number>(12 * columns).fill(1));
    runOperator(lstm, tensor([1, 1, 2], [1, 1]), weights(2), weights(3), null, h0, c0);
    expect([valuesOf(h0), valuesOf(c0)]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('describes its weights and counts multiply-adds', () => {
    const inputs = [
      [5, 2, features],
      [12, features],
      [12, hidden],
    ];
    expect(operatorDefinition('lstm').weightMatrices(lstm, inputs)).toEqual([
      { input: 1, rows: 12, columns: 2 },
      { input: 2, rows: 12, columns: 3 },
    ]);
    expect(operatorDefinition('lstm').macs(lstm, inputs, [])).toBe(5 * 2 * 12 * (2 + 3));
  });

  it.each([
    [
      [
        [5, 2],
        [12, 2],
        [12, 3],
      ],
      'operand x of an lstm must be [T,N,I], got [5,2]',
    ],
    [
      [
        [5, 2, 2],
        [12, 4],
        [12, 3],
      ],
      'operand w must be [12,2], got [12,4]',
    ],
    [
      [
        [5, 2, 2],
        [12, 2],
        [9, 3],
      ],
      'operand r must be [12,3], got [9,3]',
    ],
    [[[5, 2, 2], [12, 2], [12, 3], [24]], 'operand bias must be [12], got [24]'],
    [[[5, 2, 2], [12, 2], [12, 3], null, [1, 3]], 'operand h0 must be [2,3], got [1,3]'],
    [[[5, 2, 2], [12, 2], [12, 3], null, null, [1, 2, 3]], 'operand c0 must be [2,3], got [1,2,3]'],
  ])('refuses operands that do not fit (%#)', (inputs, message) => {
    expect(() => shapesOf(lstm, ...inputs)).toThrow(message);
  });
});

describe('gru', () => {
  it.each([true, false])('follows its equations with linearBeforeReset %s', (linearBeforeReset) => {
    const two: GruOperator = { ...gru, hidden: 2, linearBeforeReset };
    const w = [1, -2, 3, 0.5, 0.25, -1];
    const r = [0.1, 0.2, 0.3, 0.4, -0.5, -0.6, 0.7, 0.8, 0.9, -0.1, -0.2, 0.3];
    const wBias = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06];
    const rBias = [-0.1, -0.2, -0.3, 0.4, 0.5, 0.6];
    const h0 = [0.5, -0.25];
    const [y, h] = runOperator(
      two,
      tensor([1, 1, 1], [0.5]),
      tensor([6, 1], w),
      tensor([6, 2], r),
      tensor([6], wBias),
      tensor([6], rBias),
      tensor([1, 2], h0),
    );
    const at = (values: number[], index: number): number => values[index] ?? NaN;
    const input = (row: number): number => at(w, row) * 0.5 + at(wBias, row);
    const product = (row: number, s: number[]): number =>
      at(r, 2 * row) * at(s, 0) + at(r, 2 * row + 1) * at(s, 1) + at(rBias, row);
    const z = [0, 1].map((unit) => sigmoid(input(unit) + product(unit, h0)));
    const reset = [2, 3].map((row) => sigmoid(input(row) + product(row, h0)));
    const expected = [0, 1].map((unit) => {
      const recurrent = linearBeforeReset
        ? at(reset, unit) * product(4 + unit, h0)
        : product(
            4 + unit,
            h0.map((value, index) => value * at(reset, index)),
          );
      return (1 - at(z, unit)) * Math.tanh(input(4 + unit) + recurrent) + at(z, unit) * at(h0, unit);
    });
    expected.forEach((value, unit) => {
      expect(valuesOf(h)[unit]).toBeCloseTo(value, 6);
    });
    expect(valuesOf(y)).toEqual(valuesOf(h));
  });

  it('in chunks with carried state equals the whole sequence', () => {
    fc.assert(
      fc.property(
        gruOperands,
        fc.integer({ min: 1, max: steps - 1 }),
        fc.boolean(),
        ([x, w, r, wBias, rBias, h0], cut, linearBeforeReset) => {
          const op = { ...gru, linearBeforeReset };
          const [y, h] = runOperator(op, x, w, r, wBias, rBias, h0);
          const first = runOperator(op, during(x, 0, cut), w, r, wBias, rBias, h0);
          const rest = runOperator(op, during(x, cut, steps), w, r, wBias, rBias, first[1] ?? null);
          expect([...valuesOf(first[0]), ...valuesOf(rest[0])]).toEqual(valuesOf(y));
          expect(valuesOf(rest[1])).toEqual(valuesOf(h));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('in reverse equals forward over the reversed sequence', () => {
    fc.assert(
      fc.property(gruOperands, ([x, ...rest]) => {
        const [y, h] = runOperator({ ...gru, direction: 'reverse' }, x, ...rest);
        const mirrored = runOperator(gru, reversed(x), ...rest);
        expect(valuesOf(y)).toEqual(valuesOf(mirrored[0] && reversed(mirrored[0])));
        expect(valuesOf(h)).toEqual(valuesOf(mirrored[1]));
      }),
      { numRuns: 30 },
    );
  });

  it('describes its weights and counts multiply-adds', () => {
    const inputs = [
      [5, 2, features],
      [9, features],
      [9, hidden],
    ];
    expect(operatorDefinition('gru').weightMatrices(gru, inputs)).toEqual([
      { input: 1, rows: 9, columns: 2 },
      { input: 2, rows: 9, columns: 3 },
    ]);
    expect(operatorDefinition('gru').macs(gru, inputs, [])).toBe(5 * 2 * 9 * (2 + 3));
  });

  it.each([
    [
      [
        [5, 2],
        [9, 2],
        [9, 3],
      ],
      'operand x of a gru must be [T,N,I], got [5,2]',
    ],
    [
      [
        [5, 2, 2],
        [12, 2],
        [9, 3],
      ],
      'operand w must be [9,2], got [12,2]',
    ],
    [
      [
        [5, 2, 2],
        [9, 2],
        [9, 2],
      ],
      'operand r must be [9,3], got [9,2]',
    ],
    [[[5, 2, 2], [9, 2], [9, 3], [18]], 'operand wBias must be [9], got [18]'],
    [[[5, 2, 2], [9, 2], [9, 3], null, [18]], 'operand rBias must be [9], got [18]'],
    [[[5, 2, 2], [9, 2], [9, 3], null, null, [3]], 'operand h0 must be [2,3], got [3]'],
  ])('refuses operands that do not fit (%#)', (inputs, message) => {
    expect(() => shapesOf(gru, ...inputs)).toThrow(message);
  });
});
