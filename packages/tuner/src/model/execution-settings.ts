/** How a model is run, as the options `--threads` and `--strict` give it. */
export interface ExecutionSettings {
  /**
   * Threads that run the model together (default 1); a graph is also compiled for as many. Fewer run where the model is
   * compiled for fewer, and the result says why.
   */
  readonly threads?: number;
  /** Run only code that computes the same bits on every engine (default false). */
  readonly strict?: boolean;
}
