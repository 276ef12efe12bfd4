/** State of a model between two steps: one array per state tensor, by name. */
export type SessionState = Record<string, Float32Array>;

/**
 * One stream through a model that gives a speech probability per step.
 *
 * A `Session` of `@grim/runtime` is one; so is any object with these four methods.
 */
export interface VadSession {
  /**
   * Runs the model on its input and carries its state over.
   *
   * @param input - Context and frame, `contextSamples + frameSamples` values in −1 to 1.
   * @returns The outputs; the first is the probability of speech. The array may be the same one every time.
   */
  step(input: Float32Array): Float32Array;
  /** Puts the state back to its initial values. */
  reset(): void;
  /** Copies of the state. */
  getState(): SessionState;
  /** Replaces the state by copies of these values. */
  setState(state: SessionState): void;
}

/** A loaded model that sessions are made from. A `Model` of `@grim/runtime` is one. */
export interface VadModel {
  /** Name for error messages. */
  readonly name?: string;
  /** Inputs without state, each with its shape; checked against the frame and context sizes. */
  readonly inputs?: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** A new, independent stream. */
  createSession(): VadSession;
}
