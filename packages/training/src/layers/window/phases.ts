import type { Jax, JaxArray } from '../../jax/load-jax.ts';
import type { WindowPlane } from './window-plane.ts';

/**
 * How a plane is laid out so that windows with a stride become windows without: all that windows reach, padded, then every
 * stride-th element along both axes as an image of its own.
 */
export interface PhaseLayout {
  /** Extents of each image. */
  readonly extent: readonly [number, number];
  /** Zeros before and after each axis; negative after it where windows leave out the end. */
  readonly pads: readonly (readonly [number, number])[];
}

/** The layout of the windows of a plane. */
export function phaseLayout(
  { input, strides, padsBegin }: WindowPlane,
  extent: readonly [number, number],
): PhaseLayout {
  return {
    extent,
    pads: [0, 1].map((axis) => {
      const before = padsBegin[axis] ?? 0;
      return [before, (extent[axis] ?? 0) * (strides[axis] ?? 1) - before - (input[axis] ?? 0)] as const;
    }),
  };
}

/** Zeros or a cut around the two axes from `axis`; uses `array` up. */
export function padPlane(
  jax: Jax,
  array: JaxArray,
  axis: number,
  pads: readonly (readonly [number, number])[],
): JaxArray {
  const whole = array.shape.map((): [number, number] => [0, 0]);
  const cuts = array.shape.map((extent): [number, number] => [0, extent]);
  pads.forEach(([before, after], index) => {
    const at = axis + index;
    const extent = array.shape[at] ?? 0;
    whole[at] = [Math.max(before, 0), Math.max(after, 0)];
    cuts[at] = [Math.max(-before, 0), extent - Math.max(-after, 0)];
  });
  return jax.numpy.pad(array.slice(...cuts), whole);
}
