import type { Activation } from './activation.ts';

/** A function applied to every element: operand `x`, result `y` of the same shape. */
export interface UnaryOperator {
  readonly kind: 'unary';
  readonly activation: Activation;
}
