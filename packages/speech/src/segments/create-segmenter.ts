import { GrimError } from '@grim/ir/program';
import { segmentRules, type SegmentOptions } from './segment-options.ts';

/** A stretch of speech. */
export interface SpeechSegment {
  /** Start in seconds, padding included. */
  readonly start: number;
  /** End in seconds, padding included. */
  readonly end: number;
  /** Mean of the probabilities from the first to the last frame of speech, padding not included. */
  readonly meanProbability: number;
  /** Largest of those probabilities. */
  readonly peakProbability: number;
}

/** What a {@link Segmenter} reports: `start` and `end` in turn. */
export type SegmentEvent =
  /** Speech that is long enough not to be dropped; `start` in seconds, and final. */
  | { readonly kind: 'start'; readonly start: number }
  /** The segment that the last `start` belongs to. */
  | { readonly kind: 'end'; readonly segment: SpeechSegment };

/** Finds speech segments while probabilities arrive. */
export interface Segmenter {
  /** Whether speech goes on: a `start` was reported and its end has not been found yet. */
  readonly speaking: boolean;
  /**
   * Takes the probability of the next frame. Nothing is allocated unless something is reported (though an engine that
   * does not inline the call may box the number passed).
   *
   * @param probability - 0 to 1.
   * @throws GrimError when it is not.
   */
  push(probability: number): void;
  /**
   * Ends the signal, reports what is left and starts anew.
   *
   * @param durationMs - Duration of the recording where its last frame was filled up with zeros; segments end there
   * at the latest. All frames count in full unless told.
   * @throws GrimError when the duration does not end inside the last frame.
   */
  finish(durationMs?: number): void;
  /** Forgets everything, reports nothing. */
  reset(): void;
}

/** Speech that has ended, but whose padding may still meet that of the next segment. */
interface EndedSpeech {
  /** Start in seconds, padding included. */
  readonly start: number;
  /** End in milliseconds, without padding. */
  readonly endMs: number;
  readonly meanProbability: number;
  readonly peakProbability: number;
}

/** Stands for "no frame". */
const none = -1;
/** Places in the sums of a segmenter. */
const [speech, silence, peak] = [0, 1, 2] as const;
/** In milliseconds. Durations are compared with this allowance, as multiples of a frame are rounded. */
const allowance = 1e-6;

/**
 * Turns probabilities into segments, with hysteresis, as they arrive.
 *
 * The rules and their defaults are those of `get_speech_timestamps`, which comes with Silero VAD, without its limit on
 * the duration of speech:
 *
 * 1. Speech opens at a frame whose probability reaches `threshold`.
 * 2. Once it is open, a frame below `negativeThreshold` begins a silence, and a frame that reaches `threshold` ends the
 *    silence. A frame between the two changes nothing.
 * 3. A frame below `negativeThreshold` that starts `minSilenceMs` or more after the silence began closes the speech, at
 *    the place where the silence began. With 32 ms frames, 100 ms take a fifth frame. Speech that is still open when the
 *    signal ends lasts until there.
 * 4. Speech that is not longer than `minSpeechMs` is dropped.
 * 5. Segments are extended by `speechPadMs` on both sides, not beyond the signal. Where two of them would overlap,
 *    they meet in the middle of the silence between.
 *
 * A `start` is reported once it is certain that the speech will not be dropped, an `end` once its padding can no longer
 * collide with that of a later segment: when the signal has gone on for twice the padding, or the next segment is
 * certain, or the signal ends.
 *
 * @param options - Thresholds and durations.
 * @param onEvent - Called from `push` and `finish`.
 * @throws GrimError for options out of range.
 */
export function createSegmenter(options: SegmentOptions, onEvent: (event: SegmentEvent) => void): Segmenter {
  const rules = segmentRules(options);
  const { threshold, negativeThreshold, minSpeechMs, minSilenceMs, speechPadMs, frameMs } = rules;

  let frames = 0;
  let startFrame = none;
  let silenceFrame = none;
  /**
   * Of the open speech: the sum of its probabilities without those of a silence that may close it, the sum of the
   * latter, and the largest. In an array, since a captured variable would allocate for each fraction it is set to.
   */
  const sums = new Float64Array(3);
  /** Whether the `start` of the open speech was reported; then `startMs` holds it. */
  let reported = false;
  let startMs = 0;
  let ended: EndedSpeech | undefined;

  const reset = () => {
    frames = 0;
    startFrame = none;
    silenceFrame = none;
    reported = false;
    ended = undefined;
  };

  const reportEnd = ({ start, meanProbability, peakProbability }: EndedSpeech, endMs: number) => {
    ended = undefined;
    onEvent({ kind: 'end', segment: { start, end: endMs / 1000, meanProbability, peakProbability } });
  };

  const reportStart = () => {
    const unpadded = startFrame * frameMs;
    startMs = Math.max(0, unpadded - speechPadMs);
    if (ended !== undefined) {
      if (unpadded - ended.endMs < 2 * speechPadMs) startMs = (ended.endMs + unpadded) / 2;
      reportEnd(ended, Math.min(startMs, ended.endMs + speechPadMs));
    }
    reported = true;
    onEvent({ kind: 'start', start: startMs / 1000 });
  };

  /** Closes the open speech, before frame `endFrame`. */
  const close = (endFrame: number, endMs: number) => {
    if (endMs - startFrame * frameMs > minSpeechMs + allowance) {
      if (!reported) reportStart();
      const meanProbability = (sums[speech] ?? 0) / (endFrame - startFrame);
      ended = { start: startMs / 1000, endMs, meanProbability, peakProbability: sums[peak] ?? 0 };
    }
    startFrame = none;
    silenceFrame = none;
    reported = false;
  };

  const add = (index: 0 | 1, probability: number) => {
    sums[index] = (sums[index] ?? 0) + probability;
  };

  /** Takes a frame into the open speech. */
  const extend = (frame: number, probability: number) => {
    if (probability >= threshold) {
      if (silenceFrame !== none) add(speech, sums[silence] ?? 0);
      silenceFrame = none;
      add(speech, probability);
      sums[peak] = Math.max(sums[peak] ?? 0, probability);
    } else if (silenceFrame !== none) {
      add(silence, probability);
    } else if (probability >= negativeThreshold) {
      add(speech, probability);
    } else {
      silenceFrame = frame;
      sums[silence] = probability;
    }
    const silenceMs = silenceFrame === none ? none : (frame - silenceFrame) * frameMs;
    if (probability < negativeThreshold && silenceMs >= minSilenceMs - allowance) {
      close(silenceFrame, silenceFrame * frameMs);
    } else if (!reported && silenceFrame === none && (frame - startFrame) * frameMs >= minSpeechMs) {
      // Certain even if the signal ends within this frame: some part of the frame comes on top.
      reportStart();
    }
  };

  const push = (probability: number) => {
    if (!(probability >= 0 && probability <= 1)) {
      throw new GrimError(`the probability of frame ${frames} is ${probability}: expected 0 to 1`);
    }
    const frame = frames++;
    if (startFrame === none && probability >= threshold) {
      startFrame = frame;
      sums.fill(0);
    }
    if (startFrame !== none) extend(frame, probability);
    // The signal surely reaches the start of this frame, not its end: the last frame may be filled up with zeros.
    if (ended !== undefined && startFrame === none && frame * frameMs - ended.endMs >= 2 * speechPadMs) {
      reportEnd(ended, ended.endMs + speechPadMs);
    }
  };

  return {
    get speaking() {
      return reported;
    },
    push,
    finish: (durationMs = frames * frameMs) => {
      const least = Math.max(0, (frames - 1) * frameMs);
      const most = frames * frameMs;
      if (!(durationMs >= least - allowance && durationMs <= most + allowance)) {
        throw new GrimError(
          `a duration of ${durationMs} ms for ${frames} frames of ${frameMs} ms: expected it to end in the last frame`,
        );
      }
      if (startFrame !== none) {
        // What silence there was did not last, so it counts as speech.
        if (silenceFrame !== none) add(speech, sums[silence] ?? 0);
        close(frames, durationMs);
      }
      if (ended !== undefined) reportEnd(ended, Math.min(ended.endMs + speechPadMs, durationMs));
      reset();
    },
    reset,
  };
}
