import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFramer } from '../src/index.ts';
import { errorOf } from './support/error-of.ts';
import { noise } from './support/random.ts';
import { pieces } from './support/signals.ts';

describe('createFramer', () => {
  it('gives the same frames for pieces of any size', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 130 }), sizes, (length, frameSamples, lengths) => {
        const samples = noise(length, length);
        const frames: Float32Array[] = [];
        const framer = createFramer(frameSamples, (frame) => frames.push(frame.slice()));
        for (const piece of pieces(samples, lengths)) framer.push(piece);
        const left = length % frameSamples;
        expect(frames).toHaveLength((length - left) / frameSamples);
        expect(framer.pending).toBe(left);
        expect(framer.finish()).toBe(left);
        expect(framer.pending).toBe(0);
        expect(framer.finish()).toBe(0);
        const whole = new Float32Array(Math.ceil(length / frameSamples) * frameSamples);
        whole.set(samples);
        expect(frames).toEqual(pieces(whole, [frameSamples]));
      }),
    );
  });

  it('forgets on reset', () => {
    const frames: number[][] = [];
    const framer = createFramer(2, (frame) => frames.push([...frame]));
    framer.push(Float32Array.of(1, 2, 3));
    framer.reset();
    framer.push(Float32Array.of(4, 5));
    expect(frames).toEqual([
      [1, 2],
      [4, 5],
    ]);
  });

  it('takes the first of an array that is not full', () => {
    const frames: number[][] = [];
    const framer = createFramer(2, (frame) => frames.push([...frame]));
    framer.push(Float32Array.of(1, 2, 3, 4), 3);
    framer.push(Float32Array.of(5), 1);
    framer.push(Float32Array.of(6), 0);
    expect(frames).toEqual([
      [1, 2],
      [3, 5],
    ]);
    expect(
      errorOf(() => {
        framer.push(new Float32Array(2), 3);
      }),
    ).toBe('2 samples to frame: expected 3');
    expect(framer.pending).toBe(0);
  });

  it.each([0, -1, 1.5, NaN])('refuses frames of %d samples', (frameSamples) => {
    expect(errorOf(() => createFramer(frameSamples, () => undefined))).toBe(
      `frames of ${frameSamples} samples: expected a whole number of at least 1`,
    );
  });
});
