import { mixToMono } from '@grim/speech';
import type { Examples } from '../datasets/examples.ts';
import type { SpokenDigit } from '../datasets/free-spoken-digits.ts';
import { maskSpectrum } from '../datasets/mask-spectrum.ts';
import { bands, normalisedLogMel } from '../datasets/normalised-log-mel.ts';

/** Frames that are one step of the network. */
const framesPerStep = 3;

/** Time steps of an example, 0.72 s, and features of a step. */
export const steps = 24;
export const features = bands * framesPerStep;

/** Frames by which an example may begin earlier when it is varied. */
const mostShift = 6;

/** How much shorter or longer an example may be when it is varied. */
const mostStretch = 0.15;

/** Words as the network hears them; varied ones are faster or slower, earlier or later, and masked in part. */
export function spokenDigitExamples(digits: readonly SpokenDigit[]): Examples {
  const spectra = digits.map(({ audio }) => normalisedLogMel(mixToMono(audio.channels), audio.sampleRate));
  return {
    count: digits.length,
    labels: Uint8Array.from(digits, ({ digit }) => digit),
    write: (index, target, random) => {
      const spectrum = spectra[index] ?? new Float32Array(0);
      if (!random) {
        layAtEnd(spectrum, target, 0);
        return;
      }
      const stretch = 1 + (2 * random() - 1) * mostStretch;
      layAtEnd(stretched(spectrum, stretch), target, Math.floor(random() * mostShift));
      maskSpectrum(target, { frames: 8, bands: 7 }, random);
    },
  };
}

/** The same spectrum over `factor` times as many frames, each between the two that are nearest. */
function stretched(spectrum: Float32Array, factor: number): Float32Array {
  const frames = spectrum.length / bands;
  const count = Math.round(frames * factor);
  const result = new Float32Array(count * bands);
  for (let frame = 0; frame < count; frame++) {
    const at = Math.min(frame / factor, frames - 1);
    const before = Math.floor(at);
    const share = at - before;
    for (let band = 0; band < bands; band++) {
      const [a, b] = [before, Math.min(before + 1, frames - 1)].map(
        (index) => spectrum[index * bands + band] ?? 0,
      );
      result[frame * bands + band] = (a ?? 0) * (1 - share) + (b ?? 0) * share;
    }
  }
  return result;
}

/** Lays frames at the end of the steps, `shift` frames earlier; zeros before and after, and what does not fit is cut at the start. */
function layAtEnd(frames: Float32Array, target: Float32Array, shift: number): void {
  target.fill(0);
  const start = target.length - frames.length - shift * bands;
  for (let index = Math.max(0, -start); index < frames.length; index++) {
    target[start + index] = frames[index] ?? 0;
  }
}
