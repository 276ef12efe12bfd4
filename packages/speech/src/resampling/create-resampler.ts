import { GrimError } from '@grim/ir/program';
import { resamplingFilter, type ResamplingFilter } from './resampling-filter.ts';

/** Changes the rate of a signal that arrives in pieces. */
export interface Resampler {
  /** Samples per second that go in. */
  readonly fromRate: number;
  /** Samples per second that come out. */
  readonly toRate: number;
  /** How far, in seconds, the input must have run ahead of an output sample before that can be given out. */
  readonly latency: number;
  /** The most samples `finish` can give out. */
  readonly maximumTail: number;
  /** The most samples a `push` of `inputLength` samples can give out: ceil(inputLength × toRate / fromRate). */
  maximumOutput(inputLength: number): number;
  /**
   * Takes the next samples and writes what is ready to the start of `output`; nothing is allocated.
   *
   * @param input - Samples at `fromRate`, any number of them.
   * @param output - Room for `maximumOutput(input.length)` samples at `toRate`; not the memory of `input`.
   * @returns How many samples were written.
   * @throws GrimError when `output` is shorter than that; nothing was taken then.
   */
  push(input: Float32Array, output: Float32Array): number;
  /**
   * Ends the signal: writes what is left, as if silence followed, and starts anew.
   *
   * Over the whole signal ceil(n × toRate / fromRate) samples were given out for n taken.
   *
   * @param output - Room for `maximumTail` samples at `toRate`.
   * @returns How many samples were written.
   */
  finish(output: Float32Array): number;
  /** Forgets the signal so far. */
  reset(): void;
}

/** Input samples that are taken into the history at a time. */
const blockLength = 1024;

/**
 * A resampler for a signal that arrives in pieces; whatever the pieces, their output joined together is that of
 * `resample` over the whole, to the last bit.
 *
 * The delay of the filter is compensated: output sample k belongs to the time k / toRate of the input. Before its
 * start and after its end the signal counts as zero. What lies above half of the lower rate is attenuated by 80 dB or more,
 * and what lies below 91 % of that passes unchanged.
 *
 * @param fromRate - Samples per second of the input, a whole number.
 * @param toRate - Samples per second of the output, a whole number; within a factor of 256 of the other.
 * @throws GrimError for other rates.
 */
export function createResampler(fromRate: number, toRate: number): Resampler {
  const filter = resamplingFilter(fromRate, toRate);
  const { interpolation, decimation, taps, lookAhead } = filter;
  const wholeStep = Math.floor(decimation / interpolation);
  const fractionStep = decimation % interpolation;
  const convolve = filter.interpolated ? convolveBetweenRows : convolveRow;
  const history = new Float32Array(taps + blockLength);
  const silence = new Float32Array(lookAhead);

  /** Samples of `history` in use; the taps of the next output sample start at the first of them. */
  let filled = 0;
  /** How far that output sample lies after an input sample, in 1 / interpolation of one. */
  let fraction = 0;

  const reset = () => {
    filled = taps - 1 - lookAhead;
    history.fill(0, 0, filled);
    fraction = 0;
  };
  const maximumOutput = (inputLength: number) => Math.ceil((inputLength * interpolation) / decimation);

  const push = (input: Float32Array, output: Float32Array) => {
    const room = maximumOutput(input.length);
    if (output.length < room) {
      throw new GrimError(`an output array of ${output.length} samples: expected room for ${room}`);
    }
    let written = 0;
    for (let taken = 0; taken < input.length;) {
      const block = Math.min(input.length - taken, history.length - filled);
      // A view of the input would be an allocation, so the copy is a loop.
      for (let index = 0; index < block; index++) history[filled + index] = input[taken + index] ?? 0;
      filled += block;
      taken += block;
      let start = 0;
      while (start + taps <= filled) {
        output[written++] = convolve(filter, history, start, fraction);
        start += wholeStep;
        fraction += fractionStep;
        if (fraction >= interpolation) {
          fraction -= interpolation;
          start++;
        }
      }
      // A step is shorter than the taps, so `start` never lies beyond what is filled.
      history.copyWithin(0, start, filled);
      filled -= start;
    }
    return written;
  };

  reset();
  return {
    fromRate,
    toRate,
    latency: lookAhead / fromRate,
    maximumTail: maximumOutput(lookAhead),
    maximumOutput,
    push,
    finish: (output) => {
      const written = push(silence, output);
      reset();
      return written;
    },
    reset,
  };
}

function convolveRow(filter: ResamplingFilter, samples: Float32Array, start: number, row: number): number {
  const { coefficients, taps } = filter;
  const offset = row * taps;
  let sum = 0;
  for (let tap = 0; tap < taps; tap++) {
    sum += (coefficients[offset + tap] ?? 0) * (samples[start + tap] ?? 0);
  }
  return sum;
}

function convolveBetweenRows(
  filter: ResamplingFilter,
  samples: Float32Array,
  start: number,
  fraction: number,
): number {
  const position = (fraction * filter.phases) / filter.interpolation;
  const row = Math.floor(position);
  const before = convolveRow(filter, samples, start, row);
  const after = convolveRow(filter, samples, start, row + 1);
  return before + (position - row) * (after - before);
}
