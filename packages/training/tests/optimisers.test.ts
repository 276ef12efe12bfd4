import { describe, expect, it } from 'vitest';
import {
  adam,
  constantRate,
  cosineRate,
  oneCycleRate,
  sgd,
  stepRate,
  type SgdOptions,
} from '../src/index.ts';
import { clipGradients } from '../src/optimisers/clip-gradients.ts';

describe('adam', () => {
  it('does two steps as written out by hand', () => {
    const parameters = new Map([['w', { shape: [1, 1], data: new Float32Array([1]) }]]);
    const optimiser = adam({ weightDecay: 0.1 })(parameters);
    const data = parameters.get('w')?.data;
    // Step 1: m = 0.05, v = 0.00025; corrected 0.5 and 0.25, so the step is the learning rate.
    optimiser.step(new Map([['w', new Float32Array([0.5])]]), 0.1);
    expect(data?.[0]).toBeCloseTo(1 * (1 - 0.1 * 0.1) - 0.1, 6);
    // Step 2: m = 0.9·0.05 + 0.1·(−1) = −0.055, v = 0.999·0.00025 + 0.001 = 0.00124975; corrected by 0.19 and 0.001999.
    optimiser.step(new Map([['w', new Float32Array([-1])]]), 0.1);
    const step = (0.1 * (-0.055 / 0.19)) / Math.sqrt(0.00124975 / 0.001999);
    expect(data?.[0]).toBeCloseTo(0.89 * (1 - 0.1 * 0.1) - step, 6);
  });

  it('forgets when it is reset, and leaves vectors out of the decay', () => {
    const parameters = new Map([['b', { shape: [1], data: new Float32Array([1]) }]]);
    const optimiser = adam({ weightDecay: 0.5 })(parameters);
    const data = parameters.get('b')?.data;
    optimiser.step(new Map([['b', new Float32Array([3])]]), 0.25);
    expect(data?.[0]).toBeCloseTo(0.75, 6);
    optimiser.reset();
    expect([...optimiser.memory.values()].every((tensor) => tensor.data.every((value) => value === 0))).toBe(
      true,
    );
    optimiser.step(new Map([['b', new Float32Array([-3])]]), 0.25);
    expect(data?.[0]).toBeCloseTo(1, 6);
  });

  it('refuses rates that are none', () => {
    expect(() => adam({ beta1: 1 })).toThrow('beta1 must be at least 0 and below 1, got 1');
    expect(() => adam({ epsilon: 0 })).toThrow('epsilon must be above 0, got 0');
    expect(() => adam({ weightDecay: -1 })).toThrow('weightDecay must not be negative, got -1');
  });
});

describe('sgd', () => {
  const run = (options: SgdOptions, gradients: readonly number[]): number[] => {
    const parameters = new Map([['w', { shape: [1, 1], data: new Float32Array([1]) }]]);
    const optimiser = sgd(options)(parameters);
    return gradients.map((gradient) => {
      optimiser.step(new Map([['w', new Float32Array([gradient])]]), 0.1);
      return parameters.get('w')?.data[0] ?? NaN;
    });
  };

  it('does steps as written out by hand', () => {
    const close = (actual: readonly number[], expected: readonly number[]): void => {
      expect(actual.length).toBe(expected.length);
      expected.forEach((value, index) => {
        expect(actual[index]).toBeCloseTo(value, 6);
      });
    };
    close(run({}, [2, -1]), [0.8, 0.9]);
    // v: 2, then 0.5·2 − 1 = 0.
    close(run({ momentum: 0.5 }, [2, -1]), [0.8, 0.8]);
    // g + μ·v: 2 + 0.5·2 = 3, then −1 + 0.5·0.
    close(run({ momentum: 0.5, nesterov: true }, [2, -1]), [0.7, 0.8]);
    // g + λ·w: 0 + 0.5·1.
    close(run({ weightDecay: 0.5 }, [0]), [0.95]);
  });

  it('refuses rates that are none', () => {
    expect(() => sgd({ momentum: 1 })).toThrow('momentum must be at least 0 and below 1, got 1');
    expect(() => sgd({ weightDecay: -1 })).toThrow('weightDecay must not be negative, got -1');
  });
});

describe('clipGradients', () => {
  it('scales all gradients together, and only where their norm is above the limit', () => {
    const gradients = new Map([
      ['a', new Float32Array([3])],
      ['b', new Float32Array([0, 4])],
    ]);
    expect(clipGradients(gradients, 5)).toBe(gradients);
    const clipped = clipGradients(gradients, 2.5);
    expect(clipped.get('a')?.[0]).toBeCloseTo(1.5, 6);
    expect(clipped.get('b')?.[1]).toBeCloseTo(2, 6);
    expect(gradients.get('a')?.[0]).toBe(3);
  });
});

describe('schedules', () => {
  it('have their rates where they should', () => {
    expect(constantRate(0.1)(0.7)).toBe(0.1);
    const cosine = cosineRate(0.2, { warmUp: 0.1, end: 0.5 });
    expect([0, 0.05, 0.1, 0.55].map(cosine)).toEqual(
      [0, 0.1, 0.2, 0.15].map((rate): unknown => expect.closeTo(rate, 9)),
    );
    expect(cosine(1)).toBeCloseTo(0.1, 9);
    const oneCycle = oneCycleRate(1, { peak: 0.25, start: 0.1, end: 0.01 });
    expect(oneCycle(0)).toBeCloseTo(0.1, 9);
    expect(oneCycle(0.125)).toBeCloseTo(0.55, 9);
    expect(oneCycle(0.25)).toBe(1);
    expect(oneCycle(1)).toBeCloseTo(0.01, 9);
    expect([0, 0.5, 0.74, 0.75, 0.99].map(stepRate(8, [0.5, 0.75], 0.5))).toEqual([8, 4, 4, 2, 2]);
  });

  it('refuse rates and fractions that are none', () => {
    expect(() => constantRate(NaN)).toThrow(
      'the learning rate must be a finite number of 0 or more, got NaN',
    );
    expect(() => cosineRate(1, { warmUp: 1 })).toThrow('warmUp must be at least 0 and below 1, got 1');
    expect(() => stepRate(1, [2])).toThrow(
      'a step of the learning rate must be at least 0 and below 1, got 2',
    );
  });
});
