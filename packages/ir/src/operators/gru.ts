import type { Activation } from './activation.ts';

/**
 * One GRU layer in one direction.
 *
 * Operands: `x [T,N,I]`, `w [3H,I]`, `r [3H,H]`, `wBias [3H]?`, `rBias [3H]?`, `h0 [N,H]?`. Gates in ONNX order:
 * update, reset, hidden. Results: `y [T,N,H]`, `h [N,H]`.
 */
export interface GruOperator {
  readonly kind: 'gru';
  readonly hidden: number;
  /** `reverse` runs from the last time step to the first. */
  readonly direction: 'forward' | 'reverse';
  /** Whether the reset gate multiplies after the recurrent product (ONNX `linear_before_reset`, PyTorch, cuDNN). */
  readonly linearBeforeReset: boolean;
  /** Activations f (gates) and g (candidate). */
  readonly activations: readonly [Activation, Activation];
}
