import type { LoweringContext } from './lowering-context.ts';
import { memoryOrder, type View } from './view.ts';

/** Zeros needed before and after each spatial dimension. */
export interface SpatialPads {
  readonly padsBegin: readonly number[];
  readonly padsEnd: readonly number[];
}

/**
 * The input `[N, C, …]` with at least the zeros around it that sliding windows read; copied if they are not there yet.
 *
 * @param order - Dimensions of a copy, outermost first; those of the input unless told.
 */
export function withHalo(
  context: LoweringContext,
  view: View,
  pads: SpatialPads,
  order: readonly number[] = memoryOrder(view),
): View {
  const begin = [0, 0, ...pads.padsBegin];
  const end = [0, 0, ...pads.padsEnd];
  const covers = (have: readonly number[] | undefined, need: readonly number[]): boolean =>
    need.every((pad, axis) => pad <= (have?.[axis] ?? 0));
  if (covers(view.halo?.begin, begin) && covers(view.halo?.end, end)) return view;
  const copy = context.allocateWithHalo(view.shape, order, begin, end);
  context.copy(view, copy);
  return copy;
}
