/** A triangular filter over the bins of a power spectrum. */
export interface MelFilter {
  /** Bin that the first weight is for. */
  readonly firstBin: number;
  readonly weights: Float32Array;
}

/** Where the filters lie. */
export interface MelFilterOptions {
  /** Samples per second. */
  readonly sampleRate: number;
  /** Values of the transform. */
  readonly transformSize: number;
  /** Number of filters. */
  readonly bands: number;
  /** Edge of the lowest filter, in Hz. */
  readonly lowest: number;
  /** Edge of the highest filter, in Hz. */
  readonly highest: number;
}

/** Mels of a frequency, `2595·log10(1 + f/700)` (O'Shaughnessy, Speech Communication, 1987). */
const toMel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
const toHertz = (mel: number): number => 700 * (10 ** (mel / 2595) - 1);

/**
 * Triangles of height 1 whose edges and peaks are equally far apart in mels; each begins at the peak of the one before it.
 *
 * A triangle so narrow that it lies between two bins weighs nothing: choose fewer bands or a larger transform.
 */
export function melFilters(options: MelFilterOptions): MelFilter[] {
  const { sampleRate, transformSize, bands, lowest, highest } = options;
  const step = (toMel(highest) - toMel(lowest)) / (bands + 1);
  const edge = (index: number): number =>
    (toHertz(toMel(lowest) + index * step) * transformSize) / sampleRate;
  return Array.from({ length: bands }, (_, band) => {
    const [low, peak, high] = [edge(band), edge(band + 1), edge(band + 2)];
    const firstBin = Math.ceil(low);
    const count = Math.max(0, Math.min(Math.floor(high), transformSize / 2) - firstBin + 1);
    const weights = Float32Array.from({ length: count }, (_, index) => {
      const bin = firstBin + index;
      return Math.max(0, Math.min((bin - low) / (peak - low), (high - bin) / (high - peak)));
    });
    return { firstBin, weights };
  });
}
