import { gruGates } from '../families/gru-gates.ts';
import { forwardView } from './forward-view.ts';
import { operand, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { constantOperand, initialState, timeSteps } from './lower-lstm.ts';
import { evenColumns, lowerProduct } from './lower-product.ts';
import type { Place } from './product.ts';
import { matrixOperand, matrixRows, type MatrixOperand } from './matrix-operand.ts';
import { itemView, sliceView, type View } from './view.ts';

/**
 * One GRU layer: the input product for all time steps at once, then per step the recurrent product and the gates. With
 * the reset gate before the recurrent product (`linearBeforeReset` false) a step is two products and two halves of
 * the gates.
 */
export function lowerGru(context: LoweringContext, node: NodeOf<'gru'>): void {
  const { hidden, direction, activations, linearBeforeReset } = node.op;
  // Offsets in kernels count forward from an address.
  const x = forwardView(context, context.view(operand(node, 0)));
  const [steps = 0, batch = 0, inputs = 0] = x.shape;
  const inputBias = constantOperand(context, node.inputs[3]);
  const recurrentBias = constantOperand(context, node.inputs[4]);
  const recurrent = matrixOperand(context, node, 2);
  const y = context.allocate([steps, batch, hidden]);
  const order = timeSteps(steps, direction);
  const { element } = context;
  const { bytes } = context.floats;
  const gates = { element, hidden, gateStep: hidden * bytes, activations };

  /** `output = matrix · state + bias` for one sequence. */
  const product = (matrix: MatrixOperand, state: Place, output: Place, bias: Float32Array | null): void => {
    lowerProduct(context, {
      element,
      operand: matrix,
      columns: evenColumns(hidden, 1, bytes),
      positions: 1,
      input: state,
      inputStep: hidden * bytes,
      output,
      outputStep: matrix.matrix.rows * bytes,
      outputSlack: 0,
      addend: bias,
    });
  };

  for (let item = 0; item < batch; item++) {
    const sequence = sliceView(x, [0, item, 0], [steps, 1, inputs]);
    const fromInput = context.allocate([steps, 3 * hidden]);
    lowerProduct(context, {
      element,
      operand: matrixOperand(context, node, 1),
      columns: evenColumns(inputs, sequence.strides[2] ?? 1, bytes),
      positions: steps,
      input: sequence,
      inputStep: (sequence.strides[0] ?? 0) * bytes,
      output: fromInput,
      outputStep: (fromInput.strides[0] ?? 0) * bytes,
      outputSlack: 0,
      addend: inputBias,
    });
    const fromState = context.allocate([3 * hidden]);
    const resetState = context.allocate([hidden]);
    const candidateSums: View = sliceView(fromState, [2 * hidden], [hidden]);
    let state: Place = initialState(context, node.inputs[5], hidden, item);
    for (const step of order) {
      const sums = itemView(fromInput, step);
      const output = itemView(itemView(y, step), item);
      if (linearBeforeReset) {
        product(recurrent, state, fromState, recurrentBias);
        context.call(gruGates, { ...gates, part: 'linear' }, [sums, fromState, state, output], {
          path: 'fused gates',
        });
      } else {
        product(
          matrixRows(recurrent, 0, 2 * hidden),
          state,
          fromState,
          recurrentBias?.subarray(0, 2 * hidden) ?? null,
        );
        context.call(gruGates, { ...gates, part: 'reset' }, [sums, fromState, state, resetState], {
          path: 'fused gates',
        });
        product(
          matrixRows(recurrent, 2 * hidden, hidden),
          resetState,
          candidateSums,
          recurrentBias?.subarray(2 * hidden) ?? null,
        );
        context.call(gruGates, { ...gates, part: 'update' }, [sums, fromState, state, output], {
          path: 'fused gates',
        });
      }
      state = output;
    }
  }
  const [yName, hName] = node.outputs;
  if (yName) context.bind(yName, y);
  if (hName) context.bind(hName, itemView(y, order.at(-1) ?? 0));
}
