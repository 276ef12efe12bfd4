import type { Recording } from '../vad/stream-recording.ts';
import type { SpeechSegment } from './create-segmenter.ts';

/**
 * The speech of a recording without the pauses: its segments one after the other.
 *
 * @param recording - One channel.
 * @param segments - Segments of it, in seconds; what lies outside the recording is left out.
 * @returns The samples, at the rate of the recording.
 */
export function speechOnly(
  recording: Recording,
  segments: readonly Pick<SpeechSegment, 'start' | 'end'>[],
): Float32Array {
  const { samples, sampleRate } = recording;
  const pieces = segments.map(({ start, end }) =>
    samples.subarray(Math.max(0, Math.round(start * sampleRate)), Math.max(0, Math.round(end * sampleRate))),
  );
  const joined = new Float32Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
