/** Joins its operands along one axis. */
export interface ConcatOperator {
  readonly kind: 'concat';
  /** Axis from 0 to rank − 1. */
  readonly axis: number;
}
