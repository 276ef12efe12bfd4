import type { SpeechSegment } from './create-segmenter.ts';

/**
 * Segments as a JSON array of `{start, end, meanProbability, peakProbability}`, times in seconds to the millisecond,
 * probabilities to four digits, ended by a line feed.
 */
export function segmentsToJson(segments: readonly SpeechSegment[]): string {
  const rounded = segments.map(({ start, end, meanProbability, peakProbability }) => ({
    start: rounding(start, 3),
    end: rounding(end, 3),
    meanProbability: rounding(meanProbability, 4),
    peakProbability: rounding(peakProbability, 4),
  }));
  return `${JSON.stringify(rounded, undefined, 2)}\n`;
}

function rounding(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
