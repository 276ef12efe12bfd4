import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResampler, mixToMono, readWav, resample } from '../src/index.ts';
import { errorOf } from './support/error-of.ts';
import { noise } from './support/random.ts';
import { lenaWav } from './support/real-files.ts';
import { errorDecibels, pieces, rootMeanSquare, sameSamples, sine } from './support/signals.ts';

const commonRates = [8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000];
/** Common rates, and pairs such as 44101 and 16000 whose filter is interpolated. */
const rate = fc.oneof(fc.constantFrom(...commonRates), fc.integer({ min: 4000, max: 100000 }));
const signal = fc.record({ length: fc.integer({ min: 0, max: 3000 }), seed: fc.integer() });
/** Where edges of the signal no longer reach, in samples of the output. */
const margin = (from: number, to: number) => Math.ceil((70 * to) / Math.min(from, to));

describe('resample', () => {
  it('gives ceil(n × to / from) samples', () => {
    fc.assert(
      fc.property(signal, rate, rate, ({ length, seed }, from, to) => {
        expect(resample(noise(length, seed), from, to)).toHaveLength(Math.ceil((length * to) / from));
      }),
    );
  });

  it('keeps what lies in the pass band in frequency, phase and level', () => {
    fc.assert(
      fc.property(rate, rate, fc.double({ min: 0.01, max: 0.91, noNaN: true }), (from, to, place) => {
        const frequency = (place * Math.min(from, to)) / 2;
        const length = Math.ceil((400 * from) / Math.min(from, to));
        const output = resample(sine(length, from, frequency), from, to);
        const edge = margin(from, to);
        const expected = sine(output.length, to, frequency);
        expect(errorDecibels(output, expected, edge, output.length - edge)).toBeLessThan(-70);
      }),
    );
  });

  it('keeps a constant', () => {
    fc.assert(
      fc.property(rate, rate, fc.float({ min: -1, max: 1, noNaN: true }), (from, to, level) => {
        const length = Math.ceil((400 * from) / Math.min(from, to));
        const output = resample(new Float32Array(length).fill(level), from, to);
        const edge = margin(from, to);
        const errors = output.subarray(edge, output.length - edge).map((sample) => Math.abs(sample - level));
        expect(Math.max(...errors)).toBeLessThan(1e-6);
      }),
    );
  });

  it.each([
    [44100, 16000],
    [48000, 16000],
    [48000, 44100],
    [44101, 16000],
    [96000, 8000],
  ])('rejects what would alias from %i to %i Hz', (from, to) => {
    const edge = margin(from, to);
    for (let step = 0; step <= 20; step++) {
      const frequency = to / 2 + ((from - to) / 2) * (step / 20) * 0.999;
      // Shifted by a quarter turn: at half the rate a sine would be all zeros.
      const input = Float32Array.from({ length: Math.ceil((400 * from) / to) }, (_, index) =>
        Math.cos((2 * Math.PI * frequency * index) / from),
      );
      const output = resample(input, from, to);
      const level = rootMeanSquare(output, edge, output.length - edge) / Math.SQRT1_2;
      expect(20 * Math.log10(level)).toBeLessThan(-80);
    }
  });

  it('rejects the images of a higher rate', () => {
    // Up and down again loses nothing but what images would add.
    const low = sine(3000, 16000, 7000);
    const there = resample(low, 16000, 44100);
    const back = resample(there, 44100, 16000);
    expect(errorDecibels(back, low, 200, 2800)).toBeLessThan(-70);
    expect(errorDecibels(there, sine(there.length, 44100, 7000), 400, there.length - 400)).toBeLessThan(-75);
  });

  it('copies at equal rates', () => {
    const samples = noise(100, 3);
    expect(resample(samples, 44100, 44100)).toEqual(samples);
  });

  it('resamples a real recording there and back', () => {
    const [samples = new Float32Array(0)] = readWav(lenaWav()).channels;
    const speech = resample(samples, 44100, 16000);
    expect(speech).toHaveLength(Math.ceil((samples.length * 16000) / 44100));
    const again = resample(resample(speech, 16000, 44100), 44100, 16000);
    // Left is the content between pass band and half the rate.
    expect(errorDecibels(again, speech, 200, speech.length - 200)).toBeLessThan(-40);
  });

  it.each([
    [0, 16000, 'cannot resample from 0 Hz: expected a whole number from 1 to 10000000'],
    [NaN, 16000, 'cannot resample from NaN Hz: expected a whole number from 1 to 10000000'],
    [44100, 16000.5, 'cannot resample to 16000.5 Hz: expected a whole number from 1 to 10000000'],
    [44100, 1e9, 'cannot resample to 1000000000 Hz: expected a whole number from 1 to 10000000'],
    [8000, 10_000_000, '8000 Hz to 10000000 Hz: expected rates within a factor of 256'],
    [257, 1, '257 Hz to 1 Hz: expected rates within a factor of 256'],
  ])('refuses %d to %d Hz', (from, to, message) => {
    expect(errorOf(() => resample(new Float32Array(10), from, to))).toBe(message);
  });
});

describe('createResampler', () => {
  it('gives the same in pieces of any size as for the whole', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 2500 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(signal, rate, rate, sizes, ({ length, seed }, from, to, lengths) => {
        const samples = noise(length, seed);
        const resampler = createResampler(from, to);
        // Twice: finish starts anew.
        for (let pass = 0; pass < 2; pass++) {
          const output: number[] = [];
          for (const piece of pieces(samples, lengths)) {
            const room = new Float32Array(resampler.maximumOutput(piece.length));
            output.push(...room.subarray(0, resampler.push(piece, room)));
          }
          const tail = new Float32Array(resampler.maximumTail);
          output.push(...tail.subarray(0, resampler.finish(tail)));
          expect(sameSamples(Float32Array.from(output), resample(samples, from, to))).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('gives a sample out as soon as the input has run ahead by the latency', () => {
    const resampler = createResampler(44100, 16000);
    expect(resampler.latency).toBeCloseTo(64 / 16000, 4);
    const output = new Float32Array(1);
    let taken = 0;
    while (resampler.push(Float32Array.of(1), output) === 0) taken++;
    expect(taken).toBe(Math.round(resampler.latency * 44100));
  });

  it('forgets on reset', () => {
    const resampler = createResampler(8000, 16000);
    const output = new Float32Array(1000);
    resampler.push(noise(333, 1), output);
    resampler.reset();
    const samples = noise(300, 2);
    const count = resampler.push(samples, output);
    expect(output.slice(0, count)).toEqual(resample(samples, 8000, 16000).slice(0, count));
  });

  it('refuses an output without room and has taken nothing then', () => {
    const resampler = createResampler(8000, 16000);
    const samples = noise(300, 2);
    const message = errorOf(() => resampler.push(samples, new Float32Array(599)));
    expect(message).toBe('an output array of 599 samples: expected room for 600');
    const output = new Float32Array(600);
    const count = resampler.push(samples, output);
    expect(output.slice(0, count)).toEqual(resample(samples, 8000, 16000).slice(0, count));
  });
});

describe('mixToMono', () => {
  it('averages', () => {
    expect(mixToMono([Float32Array.of(1, 0), Float32Array.of(0, -1)])).toEqual(Float32Array.of(0.5, -0.5));
  });

  it('copies one channel', () => {
    const channel = Float32Array.of(1, 2);
    const mono = mixToMono([channel]);
    expect(mono).toEqual(channel);
    expect(mono).not.toBe(channel);
  });

  it('refuses none, and unequal ones', () => {
    expect(errorOf(() => mixToMono([]))).toBe('no channel to mix: expected at least one');
    expect(errorOf(() => mixToMono([new Float32Array(2), new Float32Array(3)]))).toBe(
      'channels of 2 and 3 samples to mix: expected equal lengths',
    );
  });
});
