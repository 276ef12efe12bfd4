import { GrimError } from '../errors.ts';
import { formatShape, rowMajorStrides, type Shape } from '../tensor.ts';

/** The shape that `a` and `b` broadcast to by NumPy's rule. Throws `GrimError` with both shapes when there is none. */
export function broadcastShapes(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const extentA = a[axis - (rank - a.length)] ?? 1;
    const extentB = b[axis - (rank - b.length)] ?? 1;
    if (extentA !== extentB && extentA !== 1 && extentB !== 1) {
      throw new GrimError(`shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast`);
    }
    return extentA === 1 ? extentB : extentA;
  });
}

/**
 * Strides, in elements, that read a dense row-major tensor of shape `from` as if it had the broadcast shape `to`:
 * 0 along every dimension that is repeated.
 */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = rowMajorStrides(from);
  const lead = to.length - from.length;
  return to.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : (strides[axis - lead] ?? 0)));
}
