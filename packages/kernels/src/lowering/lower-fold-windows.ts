import { foldWindows } from '../families/fold-windows.ts';
import { operand, result, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { itemView } from './view.ts';

/** Folded windows of a one-channel signal, both halves channels last. */
export function lowerFoldWindows(context: LoweringContext, node: NodeOf<'foldWindows'>): void {
  const { size, stride } = node.op;
  const { element } = context;
  const { bytes } = context.floats;
  const evenName = result(node, 0);
  const oddName = result(node, 1);
  const source = context.view(operand(node, 0));
  const input = source.strides[2] === 1 || source.shape[2] === 1 ? source : context.dense(source);
  const even = context.allocateFor(evenName, context.shape(evenName), [0, 2, 1]);
  const odd = context.allocateFor(oddName, context.shape(oddName), [0, 2, 1]);
  for (let item = 0; item < (even.shape[0] ?? 0); item++) {
    context.call(
      foldWindows,
      {
        element,
        size,
        positions: even.shape[2] ?? 0,
        inputStep: stride * bytes,
        evenStep: (even.strides[2] ?? 0) * bytes,
        oddStep: (odd.strides[2] ?? 0) * bytes,
      },
      [itemView(input, item), itemView(even, item), itemView(odd, item)],
      { path: 'fold' },
    );
  }
  context.bind(evenName, even);
  context.bind(oddName, odd);
}
