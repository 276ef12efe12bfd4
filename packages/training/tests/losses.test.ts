import type { Tensor } from '@grim/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossEntropy, ctc, meanSquaredError, type Loss } from '../src/index.ts';
import { randomValues } from './support/random-values.ts';

const outputOf = (shape: readonly number[], data: Float32Array): Map<string, Tensor> =>
  new Map([['y', { shape, data }]]);

/** Compares the derivative of a loss with central differences of it. */
function expectSlopes<Target>(
  loss: Loss<Target>,
  shape: readonly number[],
  data: Float32Array,
  target: Target,
): void {
  const derivative = loss(outputOf(shape, data), target).derivatives.get('y') ?? new Float32Array();
  data.forEach((value, index) => {
    const lossAt = (moved: number): number => loss(outputOf(shape, data.with(index, moved)), target).loss;
    const step = 2 ** -8;
    expect(derivative[index]).toBeCloseTo((lossAt(value + step) - lossAt(value - step)) / (2 * step), 4);
  });
}

/** What a path reads as: repetitions joined, blanks left out. */
const read = (path: readonly number[], blank: number): number[] =>
  path.filter((symbol, step) => symbol !== blank && symbol !== path[step - 1]);

/** Every sequence of `length` numbers below `limit`. */
function sequences(length: number, limit: number): number[][] {
  if (length === 0) return [[]];
  const shorter = sequences(length - 1, limit);
  return shorter.flatMap((start) => Array.from({ length: limit }, (_, symbol) => [...start, symbol]));
}

describe('ctc', () => {
  it('is the sum over all paths that read as the labels, with the slopes of it', () => {
    fc.assert(
      fc.property(
        fc.record({
          steps: fc.integer({ min: 1, max: 5 }),
          classes: fc.integer({ min: 2, max: 3 }),
          blank: fc.integer({ min: 0, max: 1 }),
          stepAxis: fc.constantFrom(0 as const, 1 as const),
          seed: fc.integer(),
          path: fc.array(fc.nat(), { minLength: 10, maxLength: 10 }),
          cut: fc.nat(),
        }),
        ({ steps, classes, blank, stepAxis, seed, path, cut }) => {
          const shape = stepAxis === 0 ? [steps, 2, classes] : [2, steps, classes];
          const data = randomValues(steps * 2 * classes, seed, 2);
          const counts = [steps, 1 + (cut % steps)];
          // Labels that can be read: those of some path.
          const labels = counts.map((count, example) =>
            read(
              path.slice(example * 5, example * 5 + count).map((symbol) => symbol % classes),
              blank,
            ),
          );
          const loss = ctc({ blank, stepAxis });
          const target = { labels, steps: counts };
          const expected = counts.map((count, example) => {
            const logits = Array.from({ length: count }, (_, step) => {
              const start = (stepAxis === 0 ? step * 2 + example : example * steps + step) * classes;
              return data.subarray(start, start + classes);
            });
            const probabilities = logits.map((own) => {
              const sum = own.reduce((total, logit) => total + Math.exp(logit), 0);
              return Array.from(own, (logit) => Math.exp(logit) / sum);
            });
            const total = sequences(count, classes)
              .filter((symbols) => read(symbols, blank).join() === labels[example]?.join())
              .map((symbols) =>
                symbols.reduce((product, symbol, step) => product * (probabilities[step]?.[symbol] ?? 0), 1),
              )
              .reduce((sum, probability) => sum + probability, 0);
            return -Math.log(total);
          });
          expect(loss(outputOf(shape, data), target).loss).toBeCloseTo(
            expected.reduce((sum, value) => sum + value, 0) / 2,
            9,
          );
          expectSlopes(loss, shape, data, target);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('holds over many steps, where probabilities are too small for a number', () => {
    const steps = 1000;
    const data = randomValues(steps * 5, 3, 4);
    const labels = [Array.from({ length: 300 }, (_, index) => 1 + (index % 4))];
    const { loss, derivatives } = ctc()(outputOf([steps, 1, 5], data), { labels });
    expect(loss).toBeGreaterThan(750);
    // The derivatives by the logits of a step sum to nothing: both of their terms are probabilities.
    const derivative = derivatives.get('y') ?? new Float32Array();
    for (let step = 0; step < steps; step++) {
      const sum = derivative.subarray(step * 5, step * 5 + 5).reduce((total, value) => total + value, 0);
      expect(Math.abs(sum)).toBeLessThan(1e-5);
    }
  });

  it('is infinite where the logits rule the labels out, and no number where they are none', () => {
    const [no, yes] = [-Infinity, 0];
    const never = Float32Array.of(yes, no, yes, yes, no, yes, yes, no, yes);
    expect(ctc()(outputOf([3, 1, 3], never), { labels: [[1]] }).loss).toBe(Infinity);
    const nothing = new Float32Array(9).fill(-Infinity);
    expect(ctc()(outputOf([3, 1, 3], nothing), { labels: [[1]] }).loss).toBeNaN();
    // Three steps are just enough for two equal labels.
    expect(ctc()(outputOf([3, 1, 3], new Float32Array(9)), { labels: [[1, 1]] }).loss).toBeCloseTo(
      3 * Math.log(3),
      9,
    );
  });

  it('refuses what no path reads as, and labels and steps that are none', () => {
    const output = outputOf([2, 1, 3], new Float32Array(6));
    expect(() => ctc()(output, { labels: [[1, 1]] })).toThrow(
      'example 0 has 2 label(s), too many for its 2 step(s)',
    );
    expect(() => ctc()(output, { labels: [[0]] })).toThrow(
      'label 0 of example 0 is none of the 3 classes but the blank',
    );
    expect(() => ctc()(output, { labels: [[1]], steps: [3] })).toThrow(
      'example 0 has 3 step(s), expected 1 to 2',
    );
    expect(() => ctc({ blank: 3 })(output, { labels: [[1]] })).toThrow(
      'blank 3 is none of the 3 classes of output y',
    );
    expect(() => ctc()(output, { labels: [] })).toThrow(
      'output y [2,1,3] does not hold logits of 0 example(s) over steps',
    );
  });
});

describe('crossEntropy', () => {
  it('has the value written out by hand and the slopes of it', () => {
    const data = Float32Array.from([1, 2, 3, 0, 0, 0]);
    const target = [2, -1];
    const logSum = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3));
    expect(crossEntropy()(outputOf([2, 3], data), target).loss).toBeCloseTo(logSum - 3, 9);
    // Smoothed by 0.3: 0.1, 0.1 and 0.8.
    expect(crossEntropy({ labelSmoothing: 0.3 })(outputOf([2, 3], data), target).loss).toBeCloseTo(
      logSum - 0.1 * 1 - 0.1 * 2 - 0.8 * 3,
      9,
    );
    expectSlopes(crossEntropy(), [4, 3], randomValues(12, 1, 3), [0, 2, -1, 1]);
    expectSlopes(crossEntropy({ labelSmoothing: 0.2 }), [4, 3], randomValues(12, 2, 3), [0, 2, 1, 1]);
  });

  it('wants an output to be named where there are several', () => {
    const outputs = new Map([
      ...outputOf([1, 2], new Float32Array(2)),
      ['z', { shape: [1], data: new Float32Array(1) }],
    ]);
    expect(() => crossEntropy()(outputs, [0])).toThrow('the loss must name one of the outputs y, z');
    expect(() => crossEntropy({ output: 'w' })(outputs, [0])).toThrow(
      'the loss needs output w, but the graph has only y, z',
    );
    expect(crossEntropy({ output: 'y' })(outputs, [0]).loss).toBeCloseTo(Math.LN2, 9);
    expect(() => crossEntropy({ labelSmoothing: 1 })).toThrow(
      'labelSmoothing must be at least 0 and below 1, got 1',
    );
  });
});

describe('meanSquaredError', () => {
  it('has the value written out by hand and the slopes of it', () => {
    const data = Float32Array.from([1, 2, 3, 4]);
    expect(meanSquaredError()(outputOf([2, 2], data), [1, 0, 3, 1]).loss).toBeCloseTo((4 + 9) / 4, 9);
    expectSlopes(meanSquaredError(), [2, 3], randomValues(6, 1, 2), randomValues(6, 2, 2));
    expect(() => meanSquaredError()(outputOf([2, 2], data), [1])).toThrow(
      'output y [2,2] needs a target of 4 value(s), got 1',
    );
  });
});
