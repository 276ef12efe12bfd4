/** Gives the same elements, in the same row-major order, another shape. */
export interface ReshapeOperator {
  readonly kind: 'reshape';
  readonly shape: readonly number[];
}
