import type { PoolOperator } from '@grim/ir';
import type { JaxArray } from '../jax/load-jax.ts';
import { differentiated } from './differentiated.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';
import { tiledMaximumStage, windowsTile } from './tiled-maximum.ts';
import { padPlane, phaseLayout } from './window/phases.ts';
import { phaseExtent, tapsOf, windowPlane, type WindowPlane } from './window/window-plane.ts';

/** How many elements each window has in the input, row-major over the output. */
function coverage({ input, output, kernel, strides, dilations, padsBegin }: WindowPlane): Float32Array {
  const along = (axis: 0 | 1): number[] =>
    Array.from({ length: output[axis] }, (_, position) => {
      const first = position * strides[axis] - padsBegin[axis];
      const places = Array.from({ length: kernel[axis] }, (_place, tap) => first + tap * dilations[axis]);
      return places.filter((place) => place >= 0 && place < input[axis]).length;
    });
  const columns = along(1);
  return Float32Array.from(along(0).flatMap((rows) => columns.map((count) => rows * count)));
}

/** Maximum or average of windows: one shifted image for each element of the window, joined element by element. */
export function poolStage(site: StageSite, op: PoolOperator): Stage {
  const { jax } = site;
  const { numpy: np } = jax;
  const [batch = 0, channels = 0, ...spatial] = present(site.inputShapes[0]);
  const outputShape = [...present(site.outputShapes[0])];
  const plane = windowPlane(op, spatial, op.kernel, outputShape.slice(2));
  const isGlobal =
    plane.output.every((extent) => extent === 1) &&
    plane.kernel.every((extent, axis) => extent === plane.input[axis]) &&
    plane.padsBegin.every((pad) => pad === 0) &&
    plane.dilations.every((dilation) => dilation === 1);
  if (isGlobal) {
    return differentiated(site, (x) => {
      const flat = present(x).reshape([batch, channels, plane.input[0] * plane.input[1]]);
      return (op.function === 'max' ? np.max(flat, 2) : np.mean(flat, 2)).reshape(outputShape);
    });
  }
  if (op.function === 'max' && windowsTile(plane)) return tiledMaximumStage(site, plane);
  const taps = tapsOf(plane);
  const extent = phaseExtent(plane, taps);
  const { pads } = phaseLayout(plane, extent);
  const [sy, sx] = plane.strides;
  const padded: [number, number] = [extent[0] * sy, extent[1] * sx];
  const isPadded = pads.some((ends) => ends.some((count) => count > 0));
  // What lies outside never wins: the mask is minus infinity there, added to zeros.
  const outside = Float32Array.from({ length: padded[0] * padded[1] }, (_, index) => {
    const y = Math.floor(index / padded[1]) - plane.padsBegin[0];
    const x = (index % padded[1]) - plane.padsBegin[1];
    return y >= 0 && x >= 0 && y < plane.input[0] && x < plane.input[1] ? 0 : -Infinity;
  });
  const isMasked = isPadded && op.function === 'max';
  const window = plane.kernel[0] * plane.kernel[1];
  const counts = coverage(plane);
  const isUneven = !op.countIncludePad && counts.some((count) => count !== window);
  const isShared = op.function === 'average' && isUneven;
  const constants = [
    ...(isMasked ? [{ shape: padded, data: outside }] : []),
    ...(isShared ? [{ shape: plane.output, data: counts.map((count) => 1 / count) }] : []),
  ];
  const compute = (x: JaxArray, constant?: JaxArray): JaxArray => {
    const image = padPlane(jax, x.reshape([batch, channels, ...plane.input]), 2, pads);
    const apart = (isMasked ? image.add(present(constant)) : image).reshape([
      batch,
      channels,
      extent[0],
      sy,
      extent[1],
      sx,
    ]);
    const joined = taps
      .map(({ phase, shift }) =>
        apart.ref
          .slice([], [], [], phase[0], [], phase[1])
          .slice([], [], [shift[0], shift[0] + plane.output[0]], [shift[1], shift[1] + plane.output[1]]),
      )
      .reduce((total, image) => (op.function === 'max' ? np.maximum(total, image) : total.add(image)));
    if (op.function === 'max') return joined.reshape(outputShape);
    return joined.mul(isShared ? present(constant) : 1 / window).reshape(outputShape);
  };
  return differentiated(site, (x, constant) => compute(present(x), constant), constants);
}
