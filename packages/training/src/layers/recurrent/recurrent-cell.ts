import type { JaxArray } from '../../jax/load-jax.ts';

/**
 * One step of a recurrent layer and its derivative, compiled once and run for each step. N examples, G gates of H units; all
 * arrays are borrowed, and what is returned is new.
 */
export interface RecurrentCell {
  /** Rows of the weights divided by the units. */
  readonly gates: number;
  /** States of the layer, the output first: `h` and, in an LSTM, `c`, each [N,H]. */
  readonly stateCount: number;
  /**
   * @param input - Product of the inputs of the step with their weights, bias added, [N,G·H].
   * @param r - Recurrent weights, [G·H,H].
   * @param rBias - Recurrent bias, [G·H].
   * @param states - The states before the step.
   * @returns The states after it, then what {@link backward} needs.
   */
  readonly forward: (
    input: JaxArray,
    r: JaxArray,
    rBias: JaxArray,
    ...states: JaxArray[]
  ) => readonly JaxArray[];
  /**
   * @param fromOutput - Derivative by the output of the step, [N,H], from what else uses it.
   * @param cotangents - Derivative by each state after the step, from the steps behind it.
   * @param r - Recurrent weights.
   * @param states - The states before the step.
   * @param kept - What `forward` returned after the states.
   * @returns Derivative by each state before the step; then that by the input, [N,G·H]; then other rows that
   * {@link weightGradients} needs.
   */
  readonly backward: (
    fromOutput: JaxArray,
    cotangents: readonly JaxArray[],
    r: JaxArray,
    states: readonly JaxArray[],
    kept: readonly JaxArray[],
  ) => readonly JaxArray[];
  /** Which of what `forward` keeps {@link weightGradients} needs of all steps. */
  readonly keptRows: readonly number[];
  /**
   * Derivatives by `r` and `rBias` over all steps at once: one product in place of one for each step.
   *
   * @param previous - The output before each step, [T·N,H].
   * @param rows - What `backward` returned after the states, of all steps, each [T·N,…].
   * @param kept - The {@link keptRows} of all steps, each [T·N,…].
   */
  readonly weightGradients: (
    previous: JaxArray,
    rows: readonly JaxArray[],
    kept: readonly JaxArray[],
  ) => readonly [JaxArray, JaxArray];
}
