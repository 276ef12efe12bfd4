import type { Activation } from './activation.ts';

/** Matrix product with weights: operands `x [..., K]`, `weights [M, K]`, `bias [M]?`; result `y [..., M]`. */
export interface LinearOperator {
  readonly kind: 'linear';
  readonly activation?: Activation;
}
