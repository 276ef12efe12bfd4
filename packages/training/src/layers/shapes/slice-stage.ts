import type { SliceOperator } from '@grim/ir';
import type { Jax, JaxArray } from '../../jax/load-jax.ts';
import { differentiated } from '../differentiated.ts';
import { present } from '../present.ts';
import type { Stage, StageSite } from '../stage.ts';

/** Every step-th of `size` elements along an axis; backwards where the step is negative. Uses `array` up. */
function along(jax: Jax, array: JaxArray, axis: number, start: number, size: number, step: number): JaxArray {
  const { numpy: np } = jax;
  const extent = present(array.shape[axis]);
  if (step < 0) {
    return along(jax, np.flip(array, axis), axis, extent - 1 - start, size, -step);
  }
  const cut = (of: JaxArray, from: number, to: number): JaxArray =>
    of.slice(...of.shape.map((whole, at): [number, number] => (at === axis ? [from, to] : [0, whole])));
  if (step === 1) return cut(array, start, start + size);
  // As rows of one step each, of which the first element is taken.
  const reached = Math.min(extent, start + size * step);
  const pads = array.shape.map((_, at): [number, number] => [
    0,
    at === axis ? start + size * step - reached : 0,
  ]);
  const rows = np.pad(cut(array, start, reached), pads);
  const shape = rows.shape.toSpliced(axis, 1, size, step);
  return firstAlong(rows.reshape(shape), axis + 1).reshape(rows.shape.toSpliced(axis, 1, size));
}

/** The first element along an axis. */
function firstAlong(array: JaxArray, axis: number): JaxArray {
  return array.slice(...array.shape.map((whole, at): [number, number] => [0, at === axis ? 1 : whole]));
}

/** A regular part of a tensor. */
export function sliceStage(site: StageSite, { starts, sizes, steps }: SliceOperator): Stage {
  return differentiated(site, (x) =>
    steps.reduce(
      (array, step, axis) => along(site.jax, array, axis, present(starts[axis]), present(sizes[axis]), step),
      present(x),
    ),
  );
}
