/** Examples of a task with their classes. */
export interface Examples {
  /** Number of examples. */
  readonly count: number;
  /** Class of each. */
  readonly labels: Uint8Array;
  /**
   * Writes one example.
   *
   * @param random - Numbers in 0 to 1 that decide how it is varied; as it is when absent.
   */
  readonly write: (index: number, target: Float32Array, random?: () => number) => void;
}
