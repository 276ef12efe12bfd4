import { createSegmenter, type SpeechSegment } from './create-segmenter.ts';
import type { SegmentOptions } from './segment-options.ts';

/** {@link SegmentOptions} for a recording that is there as a whole. */
export interface SegmentSpeechOptions extends SegmentOptions {
  /**
   * Duration of the recording where its last frame was filled up with zeros; segments end there at the latest. All
   * frames count in full unless told.
   */
  readonly durationMs?: number;
}

/**
 * Speech segments of a recording from the probabilities of its frames; the rules are those of `createSegmenter`.
 *
 * @param probabilities - One per frame, 0 to 1.
 * @param options - Thresholds and durations.
 * @returns Segments in order of time; they do not overlap.
 * @throws GrimError when a probability or an option is out of range, or the duration does not end in the last frame.
 */
export function segmentSpeech(
  probabilities: ArrayLike<number>,
  options: SegmentSpeechOptions = {},
): SpeechSegment[] {
  const segments: SpeechSegment[] = [];
  const segmenter = createSegmenter(options, (event) => {
    if (event.kind === 'end') segments.push(event.segment);
  });
  for (let frame = 0; frame < probabilities.length; frame++) segmenter.push(probabilities[frame] ?? NaN);
  segmenter.finish(options.durationMs);
  return segments;
}
