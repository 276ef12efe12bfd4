import type { WavCue } from '../wav/cue-chunks.ts';
import type { SpeechSegment } from './create-segmenter.ts';

/**
 * Segments as labels for `writeWav`, so that an audio editor shows them over the sound.
 *
 * @param segments - In seconds.
 * @returns One labelled stretch per segment: `speech 1 (0.97)`, the number in brackets its mean probability.
 */
export function segmentsToCues(segments: readonly SpeechSegment[]): WavCue[] {
  return segments.map(({ start, end, meanProbability }, index) => ({
    start,
    end,
    label: `speech ${index + 1} (${meanProbability.toFixed(2)})`,
  }));
}
