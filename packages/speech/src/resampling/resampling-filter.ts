import { GrimError } from '@grim/ir/program';

/** Zero crossings of the sinc on each side of its centre, counted at the lower of the two rates. */
const zeroCrossings = 64;
/** What the window is designed for, in dB; at the very edge of the stop band 2 dB less are reached. */
const stopBandAttenuation = 83;
/** The filter is tabulated this finely: interpolating linearly between neighbours errs by less than −120 dB. */
const phasesPerSample = 1024;
/** Rates may differ by this factor, which bounds the length of the filter and the growth of the output. */
const maximumRatio = 256;
/** In Hz; it keeps products of a rate and a sample count exact. */
const maximumRate = 10_000_000;

/** A low-pass filter sampled at every position an output sample can have between two input samples. */
export interface ResamplingFilter {
  /** Output sample k lies at input position k × decimation / interpolation; both are in lowest terms. */
  readonly interpolation: number;
  readonly decimation: number;
  /** Input samples that one output sample is made of. */
  readonly taps: number;
  /** How many of those lie after the input sample at or before the output sample's position. */
  readonly lookAhead: number;
  /**
   * Rows of `taps` coefficients, oldest input sample first; row r is for the position r / phases after an input
   * sample. Each row sums to 1.
   */
  readonly coefficients: Float32Array;
  /** Rows per input sample. */
  readonly phases: number;
  /** Whether positions fall between rows; then one more row closes the table. */
  readonly interpolated: boolean;
}

/**
 * Windowed-sinc filter for a change of rate.
 *
 * The window is Kaiser's (J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function",
 * 1974): β = 0.1102 (A − 8.7) for an attenuation of A dB, reached over a transition of
 * (A − 7.95) / (2.285 N) radians per sample for N taps. The transition ends at half of the lower rate and
 * begins at 91.8 % of that.
 */
export function resamplingFilter(fromRate: number, toRate: number): ResamplingFilter {
  checkRate(fromRate, 'from');
  checkRate(toRate, 'to');
  if (fromRate > toRate * maximumRatio || toRate > fromRate * maximumRatio) {
    throw new GrimError(`${fromRate} Hz to ${toRate} Hz: expected rates within a factor of ${maximumRatio}`);
  }
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const interpolation = toRate / divisor;
  const decimation = fromRate / divisor;
  if (fromRate === toRate) {
    const coefficients = new Float32Array([1]);
    return { interpolation, decimation, taps: 1, lookAhead: 0, coefficients, phases: 1, interpolated: false };
  }

  const stretch = Math.max(1, fromRate / toRate);
  const halfWidth = zeroCrossings * stretch;
  const lookAhead = Math.ceil(halfWidth);
  const taps = 2 * lookAhead;
  // A stretched filter is smoother by the same factor, so it needs fewer rows for the same error.
  const densest = Math.ceil(phasesPerSample / stretch);
  const interpolated = interpolation > densest;
  const phases = interpolated ? densest : interpolation;
  const rows = interpolated ? phases + 1 : phases;

  const beta = 0.1102 * (stopBandAttenuation - 8.7);
  const windowScale = 1 / besselI0(beta);
  const transition = (stopBandAttenuation - 7.95) / (2.285 * 2 * zeroCrossings * Math.PI);
  const cutOff = (1 - transition / 2) / stretch;

  const coefficients = new Float32Array(rows * taps);
  const row = new Float64Array(taps);
  for (let phase = 0; phase < rows; phase++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - (lookAhead - 1) - phase / phases;
      const edge = 1 - (distance / halfWidth) ** 2;
      const window = edge <= 0 ? 0 : besselI0(beta * Math.sqrt(edge)) * windowScale;
      const value = sinc(cutOff * distance) * window;
      row[tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < taps; tap++) coefficients[phase * taps + tap] = (row[tap] ?? 0) / sum;
  }
  return { interpolation, decimation, taps, lookAhead, coefficients, phases, interpolated };
}

function checkRate(rate: number, which: string): void {
  if (!Number.isInteger(rate) || rate < 1 || rate > maximumRate) {
    throw new GrimError(
      `cannot resample ${which} ${rate} Hz: expected a whole number from 1 to ${maximumRate}`,
    );
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
