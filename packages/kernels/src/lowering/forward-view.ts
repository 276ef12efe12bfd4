import type { LoweringContext } from './lowering-context.ts';
import type { View } from './view.ts';

/** The view itself if its elements follow each other in ascending order along every dimension, else a dense copy. */
export function forwardView(context: LoweringContext, view: View): View {
  const turns = view.strides.some((stride, axis) => stride <= 0 && (view.shape[axis] ?? 1) > 1);
  if (turns) return context.dense(view);
  // What a reversal leaves along a dimension of extent 1 has no neighbour to point to.
  return { ...view, strides: view.strides.map(Math.abs) };
}
