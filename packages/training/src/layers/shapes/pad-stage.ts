import { elementCount, rowMajorStrides, type PadOperator, type Shape, type Tensor } from '@grim/ir';
import type { Jax, JaxArray } from '../../jax/load-jax.ts';
import { differentiated } from '../differentiated.ts';
import { present } from '../present.ts';
import type { Stage, StageSite } from '../stage.ts';

/** Part of an array along an axis. */
function part(array: JaxArray, axis: number, from: number, to: number): JaxArray {
  return array.slice(
    ...array.shape.map((whole, at): [number, number] => (at === axis ? [from, to] : [0, whole])),
  );
}

/** Border elements or their mirror image around an axis; uses `array` up. */
function extend(
  jax: Jax,
  array: JaxArray,
  axis: number,
  begin: number,
  end: number,
  mode: 'edge' | 'reflect',
): JaxArray {
  const { numpy: np } = jax;
  const extent = present(array.shape[axis]);
  const repeated = (from: number, count: number): JaxArray[] =>
    Array.from({ length: count }, () => part(array.ref, axis, from, from + 1));
  const mirrored = (from: number, count: number): JaxArray[] =>
    count > 0 ? [np.flip(part(array.ref, axis, from, from + count), axis)] : [];
  const before = mode === 'edge' ? repeated(0, begin) : mirrored(1, begin);
  const after = mode === 'edge' ? repeated(extent - 1, end) : mirrored(extent - 1 - end, end);
  const parts = [...before, array, ...after];
  return parts.length === 1 ? array : np.concatenate(parts, axis);
}

/** Padding by a constant, by the border element, or by reflection. */
export function padStage(site: StageSite, { mode, begin, end, value }: PadOperator): Stage {
  const { jax } = site;
  if (mode !== 'constant') {
    return differentiated(site, (x) =>
      begin.reduce(
        (array, before, axis) => extend(jax, array, axis, before, present(end[axis]), mode),
        present(x),
      ),
    );
  }
  const { numpy: np } = jax;
  const pads = begin.map((before, axis): [number, number] => [before, present(end[axis])]);
  const mask = value === 0 ? [] : [border(present(site.inputShapes[0]), pads, value)];
  return differentiated(
    site,
    (x, around?: JaxArray) => {
      const padded = np.pad(present(x), pads);
      return around ? padded.add(around) : padded;
    },
    mask,
  );
}

/** A value around zeros, of extent 1 along axes that are not padded. */
function border(shape: Shape, pads: readonly (readonly [number, number])[], value: number): Tensor {
  const isPadded = (axis: number): boolean => pads[axis]?.some((count) => count > 0) === true;
  const extents = shape.map((extent, axis) => {
    const [before, after] = present(pads[axis]);
    return isPadded(axis) ? before + extent + after : 1;
  });
  const strides = rowMajorStrides(extents);
  const data = Float32Array.from({ length: elementCount(extents) }, (_, index) => {
    const isInside = shape.every((extent, axis) => {
      const place = Math.floor(index / present(strides[axis])) % present(extents[axis]);
      const [before] = present(pads[axis]);
      return !isPadded(axis) || (place >= before && place < before + extent);
    });
    return isInside ? 0 : value;
  });
  return { shape: extents, data };
}
