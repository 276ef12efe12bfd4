/** Takes `sizes[d]` elements per dimension from `starts[d]`, every `steps[d]`-th (a step may be negative). */
export interface SliceOperator {
  readonly kind: 'slice';
  /** First index per dimension, from 0 to extent − 1. */
  readonly starts: readonly number[];
  /** Output extent per dimension. */
  readonly sizes: readonly number[];
  /** Non-zero step per dimension. */
  readonly steps: readonly number[];
}
