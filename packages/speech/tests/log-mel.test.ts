import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogMel, GrimError } from '../src/index.ts';
import { createFourierPower } from '../src/features/fourier-power.ts';
import { melFilters } from '../src/features/mel-filters.ts';

const valuesOf = (length: number) =>
  fc.float32Array({ minLength: length, maxLength: length, noNaN: true, min: -1, max: 1 });

/** The definition of the transform. */
function slowPower(frame: Float32Array): number[] {
  return Array.from({ length: frame.length / 2 + 1 }, (_, k) => {
    let [real, imaginary] = [0, 0];
    frame.forEach((value, n) => {
      real += value * Math.cos((2 * Math.PI * k * n) / frame.length);
      imaginary -= value * Math.sin((2 * Math.PI * k * n) / frame.length);
    });
    return real ** 2 + imaginary ** 2;
  });
}

describe('power spectrum', () => {
  it('is that of the definition', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }).chain((bits) => valuesOf(2 ** bits)),
        (frame) => {
          const power = new Float32Array(frame.length / 2 + 1);
          createFourierPower(frame.length)(frame, power);
          slowPower(frame).forEach((expected, k) => {
            expect(Math.abs((power[k] ?? NaN) - expected)).toBeLessThan(1e-4 * (1 + expected));
          });
        },
      ),
    );
  });

  it.each([0, 1, 3, 12, 2.5])('of %d values is refused', (size) => {
    expect(() => createFourierPower(size)).toThrow(RangeError);
  });
});

describe('mel filters', () => {
  it('peak at equal distances in mels and add up to one between the first and the last peak', () => {
    const options = { sampleRate: 8000, transformSize: 2048, bands: 20, lowest: 20, highest: 4000 };
    const filters = melFilters(options);
    const total = new Float64Array(options.transformSize / 2 + 1);
    for (const { firstBin, weights } of filters) {
      weights.forEach((weight, index) => (total[firstBin + index] = (total[firstBin + index] ?? 0) + weight));
    }
    const peaks = filters.map(
      ({ firstBin, weights }) => ((firstBin + weights.indexOf(Math.max(...weights))) * 8000) / 2048,
    );
    const mels = peaks.map((hertz) => 2595 * Math.log10(1 + hertz / 700));
    const first = Math.ceil(((peaks[0] ?? 0) / 8000) * 2048) + 1;
    const last = Math.floor(((peaks.at(-1) ?? 0) / 8000) * 2048) - 1;
    for (let bin = first; bin <= last; bin++) expect(total[bin]).toBeCloseTo(1, 5);
    const steps = mels.slice(1).map((mel, index) => mel - (mels[index] ?? 0));
    for (const step of steps) expect(Math.abs(step - 2113.5 / 21)).toBeLessThan(12);
  });
});

describe('log-mel features', () => {
  const options = { sampleRate: 8000, frameSamples: 200, hopSamples: 80, bands: 24 };

  it('rise in the band of a tone and nowhere else', () => {
    const tone = (hertz: number) =>
      Float32Array.from({ length: 200 }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hertz * n) / 8000));
    const logMel = createLogMel(options);
    const strongest = [300, 700, 1500, 3000].map((hertz) => {
      const features = logMel.recording(tone(hertz));
      return features.indexOf(Math.max(...features));
    });
    const center = (band: number) => 700 * (10 ** ((31.75 + ((band + 1) * 2114.3) / 25) / 2595) - 1);
    strongest.forEach((band, index) => {
      expect(Math.abs(center(band) - ([300, 700, 1500, 3000][index] ?? 0))).toBeLessThan(150);
    });
  });

  it('of a recording are those of its frames, and louder sound adds a constant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 700 }).chain(valuesOf), (samples) => {
        const logMel = createLogMel(options);
        const features = logMel.recording(samples);
        const frames = samples.length < 200 ? 0 : Math.floor((samples.length - 200) / 80) + 1;
        expect(features.length).toBe(frames * 24);
        const one = new Float32Array(24);
        for (let frame = 0; frame < frames; frame++) {
          logMel.frame(samples.slice(frame * 80, frame * 80 + 200), one);
          expect(one).toEqual(features.subarray(frame * 24, (frame + 1) * 24));
        }
        const louder = logMel.recording(samples.map((sample) => sample * 4));
        features.forEach((feature, index) => {
          if (feature > -13) expect(louder[index]).toBeCloseTo(feature + Math.log(16), 3);
        });
      }),
    );
  });

  it('of silence are the logarithm of the floor', () => {
    const features = createLogMel({ ...options, floor: 1e-3 }).recording(new Float32Array(400));
    expect([...features].every((feature) => Math.abs(feature - Math.log(1e-3)) < 1e-5)).toBe(true);
  });

  it.each([
    [{ bands: 0 }, 'bands of 0: expected a whole number of at least 1'],
    [{ frameSamples: 1.5 }, 'frameSamples of 1.5: expected a whole number of at least 1'],
    [{ sampleRate: NaN }, 'a sample rate of NaN: expected more than 0'],
    [{ highest: 5000 }, 'filters from 20 to 5000 Hz: expected two ascending values from 0 to 4000'],
    [{ floor: 0 }, 'a floor of 0: expected more than 0'],
  ])('with %j are refused', (change, message) => {
    expect(() => createLogMel({ ...options, ...change })).toThrow(new GrimError(message));
  });
});
