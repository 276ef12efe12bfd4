import { softmax } from '../families/softmax.ts';
import { operand, result, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { memoryOrder } from './view.ts';

/** A softmax in the layout of its operand. */
export function lowerSoftmax(context: LoweringContext, node: NodeOf<'softmax'>): void {
  const { axis } = node.op;
  const value = result(node);
  const source = context.view(operand(node, 0));
  const order = memoryOrder(source);
  const target = context.allocateFor(value, source.shape, order);
  const others = order.filter((other) => other !== axis);
  const pick = (values: readonly number[]): number[] => others.map((other) => values[other] ?? 0);
  context.call(
    softmax,
    {
      element: context.element,
      kept: pick(target.shape),
      keptInputStrides: pick(source.strides),
      keptOutputStrides: pick(target.strides),
      extent: source.shape[axis] ?? 1,
      inputStride: source.strides[axis] ?? 0,
      outputStride: target.strides[axis] ?? 0,
      outputSlack: target.slack,
    },
    [source, target],
    { path: 'softmax' },
  );
  context.bind(value, target);
}
