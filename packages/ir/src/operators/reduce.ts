/** Functions that combine all elements along some axes. */
export type ReduceFunction = 'max' | 'mean' | 'min' | 'sum';

/** Reduces along axes; reduced dimensions are kept with extent 1 or removed. */
export interface ReduceOperator {
  readonly kind: 'reduce';
  readonly function: ReduceFunction;
  /** Axes from 0 to rank − 1, ascending. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}
