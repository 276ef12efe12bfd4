import { lstmGates } from '../families/lstm-gates.ts';
import { forwardView } from './forward-view.ts';
import { operand, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { evenColumns, lowerProduct } from './lower-product.ts';
import type { Place } from './product.ts';
import { matrixOperand } from './matrix-operand.ts';
import { itemView, sliceView, type View } from './view.ts';

/** Indices of time steps in the order they run. */
export function timeSteps(count: number, direction: 'forward' | 'reverse'): number[] {
  const steps = Array.from({ length: count }, (_, step) => step);
  return direction === 'forward' ? steps : steps.reverse();
}

/** The initial state of one sequence: the operand, or zeros. */
export function initialState(
  context: LoweringContext,
  name: string | null | undefined,
  hidden: number,
  item: number,
): View {
  if (name) return context.dense(itemView(context.view(name), item));
  return context.denseView(context.image(new Float32Array(hidden)), [hidden]);
}

/** A constant operand's values, `null` when it is absent. */
export function constantOperand(
  context: LoweringContext,
  name: string | null | undefined,
): Float32Array | null {
  if (!name) return null;
  const tensor = context.graph.constants.get(name);
  if (!tensor) throw context.refuse(`${name} is not constant`);
  return tensor.data;
}

/**
 * One LSTM layer: the input product for all time steps at once, then per step the recurrent product added to it and the
 * fused gates. The output of a step is the hidden state the next step reads.
 */
export function lowerLstm(context: LoweringContext, node: NodeOf<'lstm'>): void {
  const { hidden, direction, activations } = node.op;
  // Offsets in kernels count forward from an address.
  const x = forwardView(context, context.view(operand(node, 0)));
  const [steps = 0, batch = 0, inputs = 0] = x.shape;
  const bias = constantOperand(context, node.inputs[3]);
  const recurrent = matrixOperand(context, node, 2);
  const y = context.allocate([steps, batch, hidden]);
  const cells = context.allocate([batch, hidden]);
  const { element } = context;
  const { bytes } = context.floats;
  const order = timeSteps(steps, direction);
  for (let item = 0; item < batch; item++) {
    const sequence = sliceView(x, [0, item, 0], [steps, 1, inputs]);
    const gates = context.allocate([steps, 4 * hidden]);
    const gateStep = (gates.strides[0] ?? 0) * bytes;
    lowerProduct(context, {
      element,
      operand: matrixOperand(context, node, 1),
      columns: evenColumns(inputs, sequence.strides[2] ?? 1, bytes),
      positions: steps,
      input: sequence,
      inputStep: (sequence.strides[0] ?? 0) * bytes,
      output: gates,
      outputStep: gateStep,
      outputSlack: 0,
      addend: bias,
    });
    const cell = itemView(cells, item);
    let hiddenState: Place = initialState(context, node.inputs[4], hidden, item);
    let cellState: Place = initialState(context, node.inputs[5], hidden, item);
    let first = true;
    for (const step of order) {
      const sums = itemView(gates, step);
      // Without an initial state the first recurrent product is zero.
      if (!first || node.inputs[4]) {
        lowerProduct(context, {
          element,
          operand: recurrent,
          columns: evenColumns(hidden, 1, bytes),
          positions: 1,
          input: hiddenState,
          inputStep: hidden * bytes,
          output: sums,
          outputStep: gateStep,
          outputSlack: 0,
          addend: 'output',
        });
      }
      const output = itemView(itemView(y, step), item);
      context.call(
        lstmGates,
        { element, hidden, gateStep: hidden * bytes, activations },
        [sums, cellState, cell, output],
        {
          path: 'fused gates',
        },
      );
      hiddenState = output;
      cellState = cell;
      first = false;
    }
  }
  const [yName, hName, cName] = node.outputs;
  if (yName) context.bind(yName, y);
  if (hName) context.bind(hName, itemView(y, order.at(-1) ?? 0));
  if (cName) context.bind(cName, cells);
}
