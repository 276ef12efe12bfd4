import { createLogMel } from '@grim/speech';

/** Features of a frame of 10 ms. */
export const bands = 40;

/** Log power varies by some units around its mean: a third brings it to about 1. */
const scale = 1 / 3;

/**
 * Log-mel features of a recording, every 10 ms, each less its mean over the recording, so that neither loudness nor the microphone
 * counts.
 *
 * @returns `frames × bands` values.
 */
export function normalisedLogMel(samples: Float32Array, sampleRate: number): Float32Array {
  const logMel = createLogMel({
    sampleRate,
    frameSamples: Math.round(0.025 * sampleRate),
    hopSamples: Math.round(0.01 * sampleRate),
    bands,
    lowest: 60,
    highest: Math.min(sampleRate / 2, 8000),
  });
  const found = logMel.recording(samples);
  const frames = found.length / bands;
  for (let band = 0; band < bands; band++) {
    let sum = 0;
    for (let frame = 0; frame < frames; frame++) sum += found[frame * bands + band] ?? 0;
    for (let frame = 0; frame < frames; frame++) {
      const at = frame * bands + band;
      found[at] = ((found[at] ?? 0) - sum / frames) * scale;
    }
  }
  return found;
}
