/** Extends a tensor at its borders. */
export interface PadOperator {
  readonly kind: 'pad';
  readonly mode: 'constant' | 'edge' | 'reflect';
  /** Elements added before each dimension. */
  readonly begin: readonly number[];
  /** Elements added after each dimension. */
  readonly end: readonly number[];
  /** Value of the new elements in mode `constant`. */
  readonly value: number;
}
