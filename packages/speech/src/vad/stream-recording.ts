import { GrimError } from '@grim/ir/program';
import { createFramer } from '../create-framer.ts';
import { indexOfNonFinite } from '../index-of-non-finite.ts';
import { createResampler } from '../resampling/create-resampler.ts';
import type { Vad } from './create-vad.ts';

/** One channel of sound. */
export interface Recording {
  /** Samples in −1 to 1. */
  readonly samples: Float32Array;
  /** Samples per second. */
  readonly sampleRate: number;
}

/** What a detector found in a recording, frame by frame. */
export interface RecordingProbabilities {
  /** Speech probability of each frame, 0 to 1. */
  readonly probabilities: Float32Array;
  /** When each frame starts, in seconds. */
  readonly times: Float64Array;
  /** Duration of a frame in milliseconds. */
  readonly frameMs: number;
  /** Duration of the recording in milliseconds; the last frame may reach beyond it. */
  readonly durationMs: number;
}

/** How far a pass over a recording is. */
export interface RecordingProgress {
  /** Frames that are done. */
  readonly done: number;
  /** Frames in the whole recording. */
  readonly total: number;
}

/** Source samples between two looks at the progress: 1.4 s at 44.1 kHz. */
const chunkLength = 65536;

/**
 * Runs a detector over a whole recording from a fresh start, resampling it to the rate of the model on the way.
 *
 * The last frame is filled up with zeros. Nothing is kept but the results, however long the recording.
 *
 * @param recording - One channel at any rate that `createResampler` takes.
 * @param vad - It is reset first.
 * @param onProgress - Called now and then, and at the end.
 * @throws GrimError when a sample is NaN or infinite, with its place.
 */
export function streamRecording(
  recording: Recording,
  vad: Pick<Vad, 'sampleRate' | 'frameSamples' | 'frameMs' | 'step' | 'reset'>,
  onProgress?: (progress: RecordingProgress) => void,
): RecordingProbabilities {
  const { samples, sampleRate } = recording;
  const resampler = createResampler(sampleRate, vad.sampleRate);
  const invalid = indexOfNonFinite(samples);
  if (invalid >= 0) {
    const time = (invalid / sampleRate).toFixed(3);
    throw new GrimError(
      `sample ${invalid} (at ${time} s) of the recording is ${samples[invalid] ?? 0}: expected −1 to 1`,
    );
  }
  const total = Math.ceil(resampler.maximumOutput(samples.length) / vad.frameSamples);
  const probabilities = new Float32Array(total);
  let done = 0;
  vad.reset();
  const framer = createFramer(vad.frameSamples, (frame) => {
    probabilities[done++] = vad.step(frame);
  });
  const resampled = new Float32Array(Math.max(resampler.maximumOutput(chunkLength), resampler.maximumTail));
  for (let offset = 0; offset < samples.length; offset += chunkLength) {
    framer.push(resampled, resampler.push(samples.subarray(offset, offset + chunkLength), resampled));
    onProgress?.({ done, total });
  }
  framer.push(resampled, resampler.finish(resampled));
  framer.finish();
  onProgress?.({ done, total });
  return {
    probabilities,
    times: Float64Array.from(probabilities, (_, index) => (index * vad.frameMs) / 1000),
    frameMs: vad.frameMs,
    durationMs: (samples.length / sampleRate) * 1000,
  };
}
