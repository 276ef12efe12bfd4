import { GrimError } from '../errors.ts';
import { formatShape, zeros, type Shape, type Tensor } from '../tensor.ts';
import { evaluateActivation, type Activation } from './activation.ts';
import { dot, valueAt } from './elements.ts';
import { requireIntegers, requireOperand, requireShape } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';
import { weightMatrix } from './weight-matrix.ts';

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

function inferShapes(op: GruOperator, inputs: readonly (Shape | null)[]): Shape[] {
  requireIntegers([op.hidden], 1, 1, 'hidden');
  const x = requireOperand(inputs, 0, 'x');
  const [steps = 0, batch = 0, features = 0] = x;
  if (x.length !== 3) throw new GrimError(`operand x of a gru must be [T,N,I], got ${formatShape(x)}`);
  requireShape(requireOperand(inputs, 1, 'w'), [3 * op.hidden, features], 'w');
  requireShape(requireOperand(inputs, 2, 'r'), [3 * op.hidden, op.hidden], 'r');
  requireShape(inputs[3], [3 * op.hidden], 'wBias');
  requireShape(inputs[4], [3 * op.hidden], 'rBias');
  requireShape(inputs[5], [batch, op.hidden], 'h0');
  return [
    [steps, batch, op.hidden],
    [batch, op.hidden],
  ];
}

function reference(op: GruOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const w = requireOperand(inputs, 1, 'w');
  const r = requireOperand(inputs, 2, 'r');
  const [, , , wBias, rBias, h0] = inputs;
  inferShapes(
    op,
    inputs.map((tensor) => tensor?.shape ?? null),
  );
  const [steps = 0, batch = 0, features = 0] = x.shape;
  const hidden = op.hidden;
  const [f, g] = op.activations;
  const y = zeros([steps, batch, hidden]);
  const state = h0?.data.slice() ?? new Float32Array(batch * hidden);
  for (let step = 0; step < steps; step++) {
    const t = op.direction === 'forward' ? step : steps - 1 - step;
    for (let n = 0; n < batch; n++) {
      const row = t * batch + n;
      const previous = state.slice(n * hidden, (n + 1) * hidden);
      const fromInput = (gateRow: number): number =>
        dot(w.data, gateRow * features, x.data, row * features, features) +
        (wBias ? valueAt(wBias.data, gateRow) : 0);
      const fromState = (gateRow: number, values: ArrayLike<number>): number =>
        dot(r.data, gateRow * hidden, values, 0, hidden) + (rBias ? valueAt(rBias.data, gateRow) : 0);
      const gate = (first: number): number[] =>
        Array.from({ length: hidden }, (_, unit) =>
          evaluateActivation(f, fromInput(first + unit) + fromState(first + unit, previous)),
        );
      const update = gate(0);
      const reset = gate(hidden);
      const resetState = reset.map((value, unit) => value * valueAt(previous, unit));
      for (let unit = 0; unit < hidden; unit++) {
        const gateRow = 2 * hidden + unit;
        const recurrent = op.linearBeforeReset
          ? valueAt(reset, unit) * fromState(gateRow, previous)
          : fromState(gateRow, resetState);
        const candidate = evaluateActivation(g, fromInput(gateRow) + recurrent);
        const z = valueAt(update, unit);
        const value = (1 - z) * candidate + z * valueAt(previous, unit);
        state[n * hidden + unit] = value;
        y.data[row * hidden + unit] = value;
      }
    }
  }
  return [y, { shape: [batch, hidden], data: state }];
}

/**
 * GRU, per step: `z,r = F(W·x + R·h + b)`, candidate `k = G(W_h·x + b_wh + R_h·(r ⊙ h) + b_rh)`, or with
 * `linearBeforeReset` `k = G(W_h·x + b_wh + r ⊙ (R_h·h + b_rh))`; `h' = (1 − z) ⊙ k + z ⊙ h`
 * (ONNX operator specification, GRU).
 */
export const gru: OperatorDefinition<GruOperator> = {
  kind: 'gru',
  operands: ['x', 'w', 'r', 'wBias?', 'rBias?', 'h0?'],
  results: ['y', 'h'],
  inferShapes,
  reference,
  macs: (op, inputs) => {
    const [steps = 0, batch = 0, features = 0] = requireOperand(inputs, 0, 'x');
    return steps * batch * 3 * op.hidden * (features + op.hidden);
  },
  weightMatrices: (_op, inputs) => [
    weightMatrix(1, requireOperand(inputs, 1, 'w')),
    weightMatrix(2, requireOperand(inputs, 2, 'r')),
  ],
};
