/** One way to compute a layer, ready to be timed. */
export interface PreparedSide {
  /** Computes the layer once from inputs that are in place; a promise is awaited inside the time. */
  readonly run: () => unknown;
  /** Multiply-adds with weights that are not zero. */
  readonly macs: number;
  /** Weights stored divided by weights that are not zero. */
  readonly padding?: number;
  /** Bytes of packed weights and indices. */
  readonly weightBytes?: number;
  /** What the compiler says about the way it took. */
  readonly path?: string;
  /** What the side computed: all engines have to agree on it. */
  readonly output: Float32Array;
  /** Gives back what it holds. */
  readonly close?: () => Promise<void>;
}
