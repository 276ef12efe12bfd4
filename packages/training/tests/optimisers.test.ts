import { describe, expect, it } from 'vitest';
import { adam } from '../src/index.ts';

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
