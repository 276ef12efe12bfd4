import { GrimError } from '@grim/ir/program';

/** When speech starts and stops. */
export interface SegmentOptions {
  /** Probability from which a frame starts speech; 0.5 unless told. */
  readonly threshold?: number;
  /**
   * Probability below which a frame starts silence; `threshold` − 0.15 unless told, but at least 0.01 (or
   * `threshold`, when that is less). Between the two nothing changes.
   */
  readonly negativeThreshold?: number;
  /** Speech that is not longer is dropped; 250 ms unless told. */
  readonly minSpeechMs?: number;
  /** How long after a silence began a further frame of silence ends the speech; 100 ms unless told. */
  readonly minSilenceMs?: number;
  /** Segments are made longer by this at both ends; 30 ms unless told. */
  readonly speechPadMs?: number;
  /** Duration of a frame; 32 ms unless told. */
  readonly frameMs?: number;
}

/** {@link SegmentOptions} with nothing left open. */
export type SegmentRules = Readonly<Required<SegmentOptions>>;

/** Checks options and fills in what was not given. */
export function segmentRules(options: SegmentOptions): SegmentRules {
  const { threshold = 0.5, minSpeechMs = 250, minSilenceMs = 100, speechPadMs = 30, frameMs = 32 } = options;
  const { negativeThreshold = Math.min(threshold, Math.max(threshold - 0.15, 0.01)) } = options;
  if (!(threshold > 0 && threshold <= 1)) {
    throw new GrimError(`threshold is ${threshold}: expected more than 0 and at most 1`);
  }
  if (!(negativeThreshold > 0 && negativeThreshold <= threshold)) {
    throw new GrimError(
      `negativeThreshold is ${negativeThreshold}: expected more than 0 and at most the threshold ${threshold}`,
    );
  }
  for (const [name, value] of Object.entries({ minSpeechMs, minSilenceMs, speechPadMs })) {
    if (!(value >= 0 && value < Infinity)) {
      throw new GrimError(`${name} is ${value}: expected 0 or more milliseconds`);
    }
  }
  if (!(frameMs > 0 && frameMs < Infinity)) {
    throw new GrimError(`frameMs is ${frameMs}: expected more than 0 milliseconds`);
  }
  return { threshold, negativeThreshold, minSpeechMs, minSilenceMs, speechPadMs, frameMs };
}
