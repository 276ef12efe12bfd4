import { elementCount, sameShape, type Node, type Shape } from '@grim/ir';

import type { ElementwiseExpression } from '../families/elementwise.ts';
import { operand, result, type LoweringContext } from './lowering-context.ts';
import { memoryOrder, type View } from './view.ts';

/** The view with dimensions of stride 0 where the target shape is larger (NumPy broadcasting). */
function broadcastView(view: View, shape: Shape): View {
  const missing = shape.length - view.shape.length;
  const strides = shape.map((extent, axis) =>
    axis < missing || (view.shape[axis - missing] === 1 && extent !== 1)
      ? 0
      : (view.strides[axis - missing] ?? 0),
  );
  return { ...view, shape, strides };
}

/**
 * Emits an elementwise node together with the nodes that are computed on the way to it, as one kernel.
 *
 * @param inlined - Nodes computed in their reader, by the value they produce.
 */
export function lowerElementwise(
  context: LoweringContext,
  node: Node,
  inlined: ReadonlyMap<string, Node>,
): void {
  const value = result(node);
  const shape = context.shape(value);
  const operands: View[] = [];
  const names = new Map<string, number>();

  const read = (name: string): ElementwiseExpression => {
    const producer = inlined.get(name);
    if (producer) return expressionOf(producer);
    const constant = context.graph.constants.get(name);
    if (constant && elementCount(constant.shape) === 1) {
      return { kind: 'constant', value: constant.data[0] ?? 0 };
    }
    const known = names.get(name);
    if (known !== undefined) return { kind: 'operand', index: known };
    names.set(name, operands.length);
    operands.push(broadcastView(context.view(name), shape));
    return { kind: 'operand', index: operands.length - 1 };
  };

  const expressionOf = (source: Node): ElementwiseExpression => {
    const { op } = source;
    if (op.kind === 'unary') return { kind: 'unary', activation: op.activation, x: read(operand(source, 0)) };
    if (op.kind !== 'binary') throw new TypeError(`${source.name} is not elementwise`);
    if (op.function === 'pow') {
      throw context.refuse('pow is supported with the constant exponents 2 and 0.5 only');
    }
    const combined: ElementwiseExpression = {
      kind: 'binary',
      function: op.function,
      a: read(operand(source, 0)),
      b: read(operand(source, 1)),
    };
    return op.activation ? { kind: 'unary', activation: op.activation, x: combined } : combined;
  };

  const expression = expressionOf(node);
  const leader =
    operands.find((view) => sameShape(view.shape, shape) && !view.strides.includes(0)) ?? operands[0];
  const order = leader ? memoryOrder(leader) : [...shape.keys()];
  const target = context.allocateFor(value, shape, order);
  context.elementwise(expression, operands, target);
  context.bind(value, target);
}
