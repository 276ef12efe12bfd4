/** How the decisions of a model compare with those of a reference. */
export interface Agreement {
  /** Share of frames with the same decision, 0 to 1. */
  readonly agreement: number;
  /** Share of frames the reference calls speech: what a model that only ever says the like would score. */
  readonly referenceSpeech: number;
  /** Share of frames the model calls speech. */
  readonly speech: number;
  /** Largest difference of probability. */
  readonly maxAbsDiff: number;
}

/** Probability from which a frame is called speech. */
export const decisionThreshold = 0.5;

/**
 * Compares probabilities frame by frame.
 *
 * @param probabilities - Of the model, one per frame, 0 to 1.
 * @param reference - Of the reference, as many.
 * @throws RangeError when there are no frames, or not as many of both.
 */
export function agreementOf(probabilities: Float32Array, reference: Float32Array): Agreement {
  const frames = reference.length;
  if (probabilities.length !== frames || frames === 0) {
    throw new RangeError(`${probabilities.length} probabilities cannot be compared with ${frames}`);
  }
  let same = 0;
  let speech = 0;
  let referenceSpeech = 0;
  let maxAbsDiff = 0;
  for (const [frame, expected] of reference.entries()) {
    const found = probabilities[frame] ?? Number.NaN;
    const isSpeech = found >= decisionThreshold;
    const shouldBe = expected >= decisionThreshold;
    if (isSpeech === shouldBe) same++;
    if (isSpeech) speech++;
    if (shouldBe) referenceSpeech++;
    maxAbsDiff = Math.max(maxAbsDiff, Math.abs(found - expected));
  }
  return {
    agreement: same / frames,
    referenceSpeech: referenceSpeech / frames,
    speech: speech / frames,
    maxAbsDiff,
  };
}
