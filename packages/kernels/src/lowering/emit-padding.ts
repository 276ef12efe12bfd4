import type { PadOperator } from '@grim/ir';

import type { LoweringContext } from './lowering-context.ts';
import { sliceView, type View } from './view.ts';

/** The part of `view` from `start` on along one axis, `size` elements, in steps of 1, −1 or 0 (the same element again). */
function along(view: View, axis: number, start: number, size: number, step: number): View {
  const pick = (value: number, other: readonly number[] | 0 | 1): number[] =>
    view.shape.map((_, dimension) =>
      dimension === axis ? value : typeof other === 'number' ? other : (other[dimension] ?? 0),
    );
  return sliceView(view, pick(start, 0), pick(size, view.shape), pick(step, 1));
}

/**
 * Copies `source` into the middle of `target`, then extends one axis after the other from what is already there.
 *
 * @param padding - How; `begin` and `end` are what `target` has more than `source` along each dimension.
 */
export function emitPadding(
  context: LoweringContext,
  padding: Pick<PadOperator, 'begin' | 'end' | 'mode' | 'value'>,
  source: View,
  target: View,
): void {
  const { mode, begin, end, value: fill } = padding;
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
}
