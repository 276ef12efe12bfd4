import type { Activation } from './activation.ts';

/**
 * One LSTM layer in one direction.
 *
 * Operands: `x [T,N,I]`, `w [4H,I]`, `r [4H,H]`, `bias [4H]?` (input and recurrent bias summed), `h0 [N,H]?`,
 * `c0 [N,H]?`. Rows of `w`, `r` and `bias` are gates in ONNX order: input, output, forget, cell.
 * Results: `y [T,N,H]`, `h [N,H]`, `c [N,H]`.
 */
export interface LstmOperator {
  readonly kind: 'lstm';
  readonly hidden: number;
  /** `reverse` runs from the last time step to the first. */
  readonly direction: 'forward' | 'reverse';
  /** Activations f (gates), g (cell candidate), h (output). */
  readonly activations: readonly [Activation, Activation, Activation];
}
