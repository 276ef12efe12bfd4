/** Permutes dimensions: output dimension `d` is input dimension `permutation[d]`. */
export interface TransposeOperator {
  readonly kind: 'transpose';
  readonly permutation: readonly number[];
}
