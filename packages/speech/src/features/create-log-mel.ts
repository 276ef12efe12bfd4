import { GrimError } from '@grim/ir/program';
import { createFourierPower } from './fourier-power.ts';
import { melFilters } from './mel-filters.ts';

/** How a frame of sound becomes features. */
export interface LogMelOptions {
  /** Samples per second. */
  readonly sampleRate: number;
  /** Samples of a frame; a Hann window of this length is laid over it. */
  readonly frameSamples: number;
  /** Samples from the start of one frame to that of the next. */
  readonly hopSamples: number;
  /** Filters, and features per frame (default 40). */
  readonly bands?: number;
  /** Edge of the lowest filter in Hz (default 20). */
  readonly lowest?: number;
  /** Edge of the highest filter in Hz (default half the sample rate). */
  readonly highest?: number;
  /** Least power of a band, so that silence has a logarithm (default 1e-6). */
  readonly floor?: number;
}

/** Features of sound, computed frame by frame or over a whole recording. */
export interface LogMel {
  /** Features per frame. */
  readonly bands: number;
  readonly frameSamples: number;
  readonly hopSamples: number;
  /**
   * Features of one frame. Nothing is allocated.
   *
   * @param frame - Shape `[frameSamples]`, samples.
   * @param features - Shape `[bands]`: takes the natural logarithm of the power in each band.
   */
  frame(frame: Float32Array, features: Float32Array): void;
  /**
   * Features of every whole frame of a recording.
   *
   * @param samples - Any number of samples.
   * @returns `frames × bands` values, row-major; none when there are fewer samples than a frame.
   */
  recording(samples: Float32Array): Float32Array;
}

/**
 * Log-mel features: Hann window, power spectrum of the smallest transform that holds a frame, triangular mel filters, logarithm.
 *
 * @throws GrimError naming the option that is out of range.
 */
export function createLogMel(options: LogMelOptions): LogMel {
  const { sampleRate, frameSamples, hopSamples, bands = 40, lowest = 20, floor = 1e-6 } = options;
  const highest = options.highest ?? sampleRate / 2;
  for (const [name, value] of Object.entries({ frameSamples, hopSamples, bands })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new GrimError(`${name} of ${value}: expected a whole number of at least 1`);
    }
  }
  if (!(sampleRate > 0)) throw new GrimError(`a sample rate of ${sampleRate}: expected more than 0`);
  if (!(lowest >= 0 && lowest < highest && highest <= sampleRate / 2)) {
    throw new GrimError(
      `filters from ${lowest} to ${highest} Hz: expected two ascending values from 0 to ${sampleRate / 2}`,
    );
  }
  if (!(floor > 0)) throw new GrimError(`a floor of ${floor}: expected more than 0`);

  const transformSize = 2 ** Math.ceil(Math.log2(Math.max(2, frameSamples)));
  const fourierPower = createFourierPower(transformSize);
  const filters = melFilters({ sampleRate, transformSize, bands, lowest, highest });
  const window = Float32Array.from(
    { length: frameSamples },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / frameSamples),
  );
  const windowed = new Float32Array(transformSize);
  const power = new Float32Array(transformSize / 2 + 1);

  const frameFeatures = (frame: Float32Array, features: Float32Array): void => {
    for (let index = 0; index < frameSamples; index++) {
      windowed[index] = (frame[index] ?? 0) * (window[index] ?? 0);
    }
    fourierPower(windowed, power);
    for (let band = 0; band < bands; band++) {
      const filter = filters[band];
      if (!filter) continue;
      let sum = 0;
      for (let index = 0; index < filter.weights.length; index++) {
        sum += (filter.weights[index] ?? 0) * (power[filter.firstBin + index] ?? 0);
      }
      features[band] = Math.log(Math.max(sum, floor));
    }
  };
  return {
    bands,
    frameSamples,
    hopSamples,
    frame: frameFeatures,
    recording: (samples) => {
      const frames = Math.max(0, Math.floor((samples.length - frameSamples) / hopSamples) + 1);
      const features = new Float32Array(frames * bands);
      for (let index = 0; index < frames; index++) {
        frameFeatures(
          samples.subarray(index * hopSamples, index * hopSamples + frameSamples),
          features.subarray(index * bands, (index + 1) * bands),
        );
      }
      return features;
    },
  };
}
