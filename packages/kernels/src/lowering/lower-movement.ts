import { emitPadding } from './emit-padding.ts';
import { operand, result, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { memoryOrder, reshapeView, sliceView, transposeView } from './view.ts';

/** Another shape: a view where the layout allows it, else of a dense copy. */
export function lowerReshape(context: LoweringContext, node: NodeOf<'reshape'>): void {
  const source = context.view(operand(node, 0));
  const view = reshapeView(source, node.op.shape) ?? reshapeView(context.dense(source), node.op.shape);
  if (!view) throw new TypeError(`${node.name}: a dense value cannot be reshaped`);
  context.bind(result(node), view);
}

/** Permuted dimensions: always a view. */
export function lowerTranspose(context: LoweringContext, node: NodeOf<'transpose'>): void {
  context.bind(result(node), transposeView(context.view(operand(node, 0)), node.op.permutation));
}

/** Part of a tensor: always a view. */
export function lowerSlice(context: LoweringContext, node: NodeOf<'slice'>): void {
  const { starts, sizes, steps } = node.op;
  context.bind(result(node), sliceView(context.view(operand(node, 0)), starts, sizes, steps));
}

/** Operands copied next to each other, in the layout of the first. */
export function lowerConcat(context: LoweringContext, node: NodeOf<'concat'>): void {
  const { axis } = node.op;
  const value = result(node);
  const sources = node.inputs.map((_, position) => context.view(operand(node, position)));
  const [first] = sources;
  if (!first) throw new TypeError(`${node.name}: concat of nothing`);
  const target = context.allocateFor(value, context.shape(value), memoryOrder(first));
  let start = 0;
  for (const source of sources) {
    const starts = target.shape.map((_, dimension) => (dimension === axis ? start : 0));
    context.copy(source, sliceView(target, starts, source.shape));
    start += source.shape[axis] ?? 0;
  }
  context.bind(value, target);
}

/** Padding in the layout of the operand. */
export function lowerPad(context: LoweringContext, node: NodeOf<'pad'>): void {
  const value = result(node);
  const source = context.view(operand(node, 0));
  const target = context.allocateFor(value, context.shape(value), memoryOrder(source));
  emitPadding(context, node.op, source, target);
  context.bind(value, target);
}
