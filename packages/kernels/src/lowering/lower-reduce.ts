import { reduce } from '../families/reduce.ts';
import { operand, result, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { reshapeView } from './view.ts';

/** A reduction over some axes; the result is dense. */
export function lowerReduce(context: LoweringContext, node: NodeOf<'reduce'>): void {
  const { axes } = node.op;
  const value = result(node);
  const source = context.view(operand(node, 0));
  const keptAxes = source.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const pick = (values: readonly number[], which: readonly number[]): number[] =>
    which.map((axis) => values[axis] ?? 0);
  const target = context.allocate(pick(source.shape, keptAxes));
  context.call(
    reduce,
    {
      function: node.op.function,
      element: context.element,
      kept: target.shape,
      keptInputStrides: pick(source.strides, keptAxes),
      outputStrides: target.strides,
      reduced: pick(source.shape, axes),
      reducedStrides: pick(source.strides, axes),
      outputSlack: target.slack,
    },
    [source, target],
    { path: 'reduce' },
  );
  const view = reshapeView(target, context.shape(value));
  if (!view) throw new TypeError(`${node.name}: extents of 1 cannot be added to the result`);
  context.bind(value, view);
}
