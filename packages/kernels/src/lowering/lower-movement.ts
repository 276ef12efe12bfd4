import { operand, result, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { memoryOrder, reshapeView, sliceView, transposeView, type View } from './view.ts';

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

/** The part of `view` from `start` on along one axis, `size` elements, in steps of 1, −1 or 0 (the same element again). */
function along(view: View, axis: number, start: number, size: number, step: number): View {
  const pick = (value: number, other: readonly number[] | 0 | 1): number[] =>
    view.shape.map((_, dimension) =>
      dimension === axis ? value : typeof other === 'number' ? other : (other[dimension] ?? 0),
    );
  return sliceView(view, pick(start, 0), pick(size, view.shape), pick(step, 1));
}

/**
 * Padding: the operand is copied into the middle, then one axis after the other is extended from what is already there.
 */
export function lowerPad(context: LoweringContext, node: NodeOf<'pad'>): void {
  const { mode, begin, end, value: fill } = node.op;
  const value = result(node);
  const source = context.view(operand(node, 0));
  const target = context.allocateFor(value, context.shape(value), memoryOrder(source));
  context.copy(source, sliceView(target, begin, source.shape));
  const done = { starts: [...begin], sizes: [...source.shape] };
  source.shape.forEach((extent, axis) => {
    const before = begin[axis] ?? 0;
    const after = end[axis] ?? 0;
    // What is complete so far, but along this axis the whole target.
    const starts = done.starts.map((start, dimension) => (dimension === axis ? 0 : start));
    const sizes = done.sizes.map((size, dimension) =>
      dimension === axis ? (target.shape[axis] ?? 0) : size,
    );
    const band = sliceView(target, starts, sizes);
    const extend = (first: number, size: number, from: number, step: number): void => {
      if (size === 0) return;
      const to = along(band, axis, first, size, 1);
      if (mode === 'constant') context.elementwise({ kind: 'constant', value: fill }, [], to, 'fill');
      else context.copy(along(band, axis, from, size, step), to);
    };
    const last = before + extent - 1;
    if (mode === 'reflect') {
      extend(0, before, 2 * before, -1);
      extend(last + 1, after, last - 1, -1);
    } else {
      extend(0, before, before, 0);
      extend(last + 1, after, last, 0);
    }
    done.starts[axis] = 0;
    done.sizes[axis] = target.shape[axis] ?? 0;
  });
  context.bind(value, target);
}
