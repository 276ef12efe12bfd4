import type { SpeechSegment } from './create-segmenter.ts';

/**
 * Segments as CSV: `start,end,duration,meanProbability,peakProbability`, times in seconds to the millisecond,
 * probabilities to four digits, lines ended by a line feed.
 */
export function segmentsToCsv(segments: readonly SpeechSegment[]): string {
  const lines = segments.map(({ start, end, meanProbability, peakProbability }) =>
    [
      start.toFixed(3),
      end.toFixed(3),
      (end - start).toFixed(3),
      meanProbability.toFixed(4),
      peakProbability.toFixed(4),
    ].join(','),
  );
  return ['start,end,duration,meanProbability,peakProbability', ...lines, ''].join('\n');
}
