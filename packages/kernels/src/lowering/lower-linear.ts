import { elementCount } from '@grim/ir';

import { forwardView } from './forward-view.ts';
import { operand, result, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { evenColumns, lowerProduct } from './lower-product.ts';
import { matrixOperand } from './matrix-operand.ts';
import { reshapeView } from './view.ts';

/** A product with constant weights: every row of the input is one right-hand side. */
export function lowerLinear(context: LoweringContext, node: NodeOf<'linear'>): void {
  const value = result(node);
  const shape = context.shape(value);
  const weights = matrixOperand(context, node, 1);
  const { rows, columns } = weights.matrix;
  const biasName = node.inputs[2];
  const bias = biasName ? (context.graph.constants.get(biasName)?.data ?? null) : null;
  if (biasName && !bias) throw context.refuse(`bias ${biasName} is not constant`);
  const positions = elementCount(shape) / rows;
  // Offsets in kernels count forward from an address.
  const source = forwardView(context, context.view(operand(node, 0)));
  // Right-hand sides must lie at equal distances; a layout in which they do not is made dense first.
  const input =
    reshapeView(source, [positions, columns]) ??
    reshapeView(context.dense(source), [positions, columns]) ??
    source;
  const output = context.allocateFor(value, [positions, rows], [0, 1]);
  const { bytes } = context.floats;
  lowerProduct(context, {
    element: context.element,
    operand: weights,
    columns: evenColumns(columns, input.strides[1] ?? 1, bytes),
    positions,
    input,
    inputStep: (input.strides[0] ?? 0) * bytes,
    output,
    outputStep: (output.strides[0] ?? 0) * bytes,
    outputSlack: output.slack,
    addend: bias,
    ...(node.op.activation ? { activation: node.op.activation } : {}),
  });
  const shaped = reshapeView(output, shape);
  if (!shaped) throw new TypeError(`${node.name}: rows of the result cannot be seen as its shape`);
  context.bind(value, { ...shaped, slack: output.slack });
}
