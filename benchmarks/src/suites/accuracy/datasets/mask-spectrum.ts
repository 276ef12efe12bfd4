import { bands } from './normalised-log-mel.ts';

/** How much is masked at most. */
export interface SpectrumMask {
  readonly frames: number;
  readonly bands: number;
}

/** Zeros, which is the mean, a stretch of time and some neighbouring bands (Park et al., SpecAugment, 2019). */
export function maskSpectrum(spectrum: Float32Array, most: SpectrumMask, random: () => number): void {
  const frames = spectrum.length / bands;
  const length = Math.floor(random() * Math.min(most.frames, frames));
  const first = Math.floor(random() * (frames - length));
  spectrum.fill(0, first * bands, (first + length) * bands);
  const width = Math.floor(random() * most.bands);
  const lowest = Math.floor(random() * (bands - width));
  for (let frame = 0; frame < frames; frame++) {
    spectrum.fill(0, frame * bands + lowest, frame * bands + lowest + width);
  }
}
