import type { Session } from '@grim/runtime';

/** A model in some engine, one stream at a time. */
export interface VadEngine {
  /**
   * Takes the next input and carries the state over.
   *
   * @param input - Context and frame, one of `inputWindows`.
   * @returns The probability of speech, 0 to 1.
   */
  readonly step: (input: Float32Array) => number | Promise<number>;
  /** Back to the state before the first frame. */
  readonly reset: () => void;
}

/** A session of the GRIM runtime as an engine. */
export function grimEngine(session: Session): VadEngine {
  return {
    step: (input) => session.step(input)[0] ?? Number.NaN,
    reset: () => {
      session.reset();
    },
  };
}

/** Probabilities of all frames, from a fresh start. */
export async function probabilitiesOf(
  engine: VadEngine,
  windows: readonly Float32Array[],
): Promise<Float32Array> {
  const probabilities = new Float32Array(windows.length);
  engine.reset();
  for (const [frame, window] of windows.entries()) probabilities[frame] = await engine.step(window);
  return probabilities;
}
