import type { Activation } from './activation.ts';

/** Functions of two values. */
export type BinaryFunction = 'add' | 'div' | 'max' | 'min' | 'mul' | 'pow' | 'sub';

/** An elementwise function of two operands `a`, `b`, broadcast as in NumPy; result `y`. */
export interface BinaryOperator {
  readonly kind: 'binary';
  readonly function: BinaryFunction;
  readonly activation?: Activation;
}
