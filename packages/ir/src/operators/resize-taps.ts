import { valueAt } from './elements.ts';
import type { ResizeInterpolation, ResizeOperator } from './resize.ts';

/** What one output index takes from the input along one axis: `(1 − weight) · x[lower] + weight · x[upper]`. */
export interface ResizeTap {
  readonly lower: number;
  /** Equal to `lower`, or the index after it. */
  readonly upper: number;
  /** From 0 to below 1; 0 where `upper` is `lower`. */
  readonly weight: number;
}

type Nearest = Exclude<ResizeInterpolation, 'linear'>;

const nearest = {
  nearestCeil: Math.ceil,
  nearestFloor: Math.floor,
  nearestRoundPreferCeil: (place) => Math.floor(place + 0.5),
  nearestRoundPreferFloor: (place) => Math.ceil(place - 0.5),
} satisfies Record<Nearest, (place: number) => number>;

/**
 * The place of the input that an output index stands for.
 *
 * Every step rounds as ONNX Runtime's do, to 32 bits and from whole numbers where it has them: with other roundings a place
 * that is all but half way would have another element nearest to it.
 */
function placeOf(op: ResizeOperator, axis: number, index: number, extent: number): number {
  const round = Math.fround;
  const size = valueAt(op.sizes, axis);
  const scale = round(valueAt(op.scales, axis));
  const halfPixel = (): number => round(round((index + 0.5) / scale) - 0.5);
  switch (op.coordinates) {
    case 'alignCorners':
      return size === 1 ? 0 : round(round(index * (extent - 1)) / (size - 1));
    case 'asymmetric':
      return round(scale === round(size / extent) ? (index * extent) / size : index / scale);
    case 'halfPixel':
      return halfPixel();
    case 'pytorchHalfPixel':
      return size === 1 ? 0 : halfPixel();
  }
}

/**
 * What each output index of a resize takes from the input along one spatial axis.
 *
 * @param op - The resize.
 * @param axis - Spatial axis, from 0.
 * @param extent - Elements of the input along it.
 * @returns One tap per output index, with indices from 0 to `extent` − 1.
 */
export function resizeTaps(op: ResizeOperator, axis: number, extent: number): readonly ResizeTap[] {
  const clamp = (index: number): number => Math.max(0, Math.min(extent - 1, index));
  return Array.from({ length: valueAt(op.sizes, axis) }, (_, index) => {
    const place = placeOf(op, axis, index, extent);
    if (op.interpolation !== 'linear') {
      const lower = clamp(nearest[op.interpolation](place));
      return { lower, upper: lower, weight: 0 };
    }
    const inside = clamp(place);
    const lower = Math.floor(inside);
    return { lower, upper: Math.ceil(inside), weight: inside - lower };
  });
}
