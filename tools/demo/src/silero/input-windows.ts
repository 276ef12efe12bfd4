import type { VadOptions } from '@grim/speech';

/**
 * The inputs of a model over a recording: each is the context and the frame after it.
 *
 * They are overlapping views of one padded copy: zeros before the start as context of the first frame, zeros after the
 * end to fill the last. So every engine that is compared reads the very same samples.
 *
 * @param samples - One channel at the rate of the model, −1 to 1.
 * @param options - Frame and context sizes.
 * @returns Views of `contextSamples + frameSamples` samples, one per frame.
 */
export function inputWindows(
  samples: Float32Array,
  { contextSamples, frameSamples }: Pick<VadOptions, 'contextSamples' | 'frameSamples'>,
): Float32Array[] {
  const frames = Math.ceil(samples.length / frameSamples);
  const padded = new Float32Array(contextSamples + frames * frameSamples);
  padded.set(samples, contextSamples);
  return Array.from({ length: frames }, (_, frame) =>
    padded.subarray(frame * frameSamples, (frame + 1) * frameSamples + contextSamples),
  );
}
