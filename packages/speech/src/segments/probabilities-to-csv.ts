import type { RecordingProbabilities } from '../vad/stream-recording.ts';

/**
 * Probabilities as CSV: `time,probability`, the start of each frame in seconds to a tenth of a millisecond, the
 * probability to six digits, lines ended by a line feed.
 */
export function probabilitiesToCsv(result: Pick<RecordingProbabilities, 'probabilities' | 'times'>): string {
  const lines = Array.from(result.probabilities, (probability, frame) => {
    const time = result.times[frame] ?? NaN;
    return `${time.toFixed(4)},${probability.toFixed(6)}`;
  });
  return ['time,probability', ...lines, ''].join('\n');
}
