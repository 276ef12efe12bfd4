import type { Shape } from '../tensor.ts';

/**
 * The value at `index`. Reference implementations read through this, so that a wrong index is an error and not a
 * zero that happens to pass.
 */
export function valueAt(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`index ${index} is outside ${values.length} values`);
  return value;
}

/** Calls `visit` with every index of a tensor in row-major order and its position; the index array is reused. */
export function forEachIndex(
  shape: Shape,
  visit: (index: readonly number[], position: number) => void,
): void {
  const index = shape.map(() => 0);
  const count = shape.reduce((product, extent) => product * extent, 1);
  for (let position = 0; position < count; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = valueAt(index, axis) + 1;
      index[axis] = next < valueAt(shape, axis) ? next : 0;
      if (next < valueAt(shape, axis)) break;
    }
  }
}

/** `Σ a[aStart+k] · b[bStart+k]` for k below `count`, in double precision. */
export function dot(
  a: ArrayLike<number>,
  aStart: number,
  b: ArrayLike<number>,
  bStart: number,
  count: number,
): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += valueAt(a, aStart + k) * valueAt(b, bStart + k);
  return sum;
}
