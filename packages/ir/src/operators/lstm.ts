import { GrimError } from '../errors.ts';
import { formatShape, zeros, type Shape, type Tensor } from '../tensor.ts';
import { evaluateActivation, type Activation } from './activation.ts';
import { dot, valueAt } from './elements.ts';
import { requireIntegers, requireOperand, requireShape } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';
import { weightMatrix } from './weight-matrix.ts';

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

function inferShapes(op: LstmOperator, inputs: readonly (Shape | null)[]): Shape[] {
  requireIntegers([op.hidden], 1, 1, 'hidden');
  const x = requireOperand(inputs, 0, 'x');
  const [steps = 0, batch = 0, features = 0] = x;
  if (x.length !== 3) throw new GrimError(`operand x of an lstm must be [T,N,I], got ${formatShape(x)}`);
  const state = [batch, op.hidden];
  requireShape(requireOperand(inputs, 1, 'w'), [4 * op.hidden, features], 'w');
  requireShape(requireOperand(inputs, 2, 'r'), [4 * op.hidden, op.hidden], 'r');
  requireShape(inputs[3], [4 * op.hidden], 'bias');
  requireShape(inputs[4], state, 'h0');
  requireShape(inputs[5], state, 'c0');
  return [[steps, batch, op.hidden], state, state];
}

function reference(op: LstmOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const w = requireOperand(inputs, 1, 'w');
  const r = requireOperand(inputs, 2, 'r');
  const bias = inputs[3];
  inferShapes(
    op,
    inputs.map((tensor) => tensor?.shape ?? null),
  );
  const [steps = 0, batch = 0, features = 0] = x.shape;
  const hidden = op.hidden;
  const [f, g, h] = op.activations;
  const y = zeros([steps, batch, hidden]);
  const hiddenState = inputs[4]?.data.slice() ?? new Float32Array(batch * hidden);
  const cellState = inputs[5]?.data.slice() ?? new Float32Array(batch * hidden);
  for (let step = 0; step < steps; step++) {
    const t = op.direction === 'forward' ? step : steps - 1 - step;
    for (let n = 0; n < batch; n++) {
      const row = t * batch + n;
      // Every gate reads the state of the step before, so all are summed before any state is replaced.
      const sums = Array.from(
        { length: 4 * hidden },
        (_, gateRow) =>
          dot(w.data, gateRow * features, x.data, row * features, features) +
          dot(r.data, gateRow * hidden, hiddenState, n * hidden, hidden) +
          (bias ? valueAt(bias.data, gateRow) : 0),
      );
      for (let unit = 0; unit < hidden; unit++) {
        const input = evaluateActivation(f, valueAt(sums, unit));
        const output = evaluateActivation(f, valueAt(sums, hidden + unit));
        const forget = evaluateActivation(f, valueAt(sums, 2 * hidden + unit));
        const candidate = evaluateActivation(g, valueAt(sums, 3 * hidden + unit));
        const cell = forget * valueAt(cellState, n * hidden + unit) + input * candidate;
        const value = output * evaluateActivation(h, cell);
        cellState[n * hidden + unit] = cell;
        hiddenState[n * hidden + unit] = value;
        y.data[row * hidden + unit] = value;
      }
    }
  }
  const state = [batch, hidden];
  return [y, { shape: state, data: hiddenState }, { shape: state, data: cellState }];
}

/**
 * LSTM without peepholes, per step:
 * `i,o,f = F(W·x + R·h + b)`, `C' = f ⊙ C + i ⊙ G(W_c·x + R_c·h + b_c)`, `h' = o ⊙ H(C')`
 * (ONNX operator specification, LSTM).
 */
export const lstm: OperatorDefinition<LstmOperator> = {
  kind: 'lstm',
  operands: ['x', 'w', 'r', 'bias?', 'h0?', 'c0?'],
  results: ['y', 'h', 'c'],
  inferShapes,
  reference,
  macs: (op, inputs) => {
    const [steps = 0, batch = 0, features = 0] = requireOperand(inputs, 0, 'x');
    return steps * batch * 4 * op.hidden * (features + op.hidden);
  },
  weightMatrices: (_op, inputs) => [
    weightMatrix(1, requireOperand(inputs, 1, 'w')),
    weightMatrix(2, requireOperand(inputs, 2, 'r')),
  ],
};
