import { createResampler } from './create-resampler.ts';

/**
 * The same signal at another rate, by a windowed sinc (see `createResampler` for its accuracy and its edges).
 *
 * @param samples - One channel, any number of samples at `fromRate`.
 * @param fromRate - Samples per second of `samples`, a whole number.
 * @param toRate - Samples per second wanted, a whole number; within a factor of 256 of the other.
 * @returns ceil(n × toRate / fromRate) samples; sample k belongs to the time k / toRate.
 * @throws GrimError for other rates.
 */
export function resample(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  const resampler = createResampler(fromRate, toRate);
  const output = new Float32Array(resampler.maximumOutput(samples.length) + resampler.maximumTail);
  const written = resampler.push(samples, output);
  return output.slice(0, written + resampler.finish(output.subarray(written)));
}
