import { phaseLayout, type PhaseLayout } from './phases.ts';
import { phaseExtent, type Tap, type WindowPlane } from './window-plane.ts';

/** Images one after the other as rows of a matrix, a row for each pixel, with zeros where windows reach beyond an image. */
export interface RowLayout extends PhaseLayout {
  /** Rows of zeros before the first image. */
  readonly lead: number;
  /** Rows of zeros after the last image. */
  readonly tail: number;
  /** Which row, of all with the zeros before them, is under an element of the window for the first pixel of the output. */
  readonly startOf: (tap: Tap) => number;
}

/**
 * The layout for the windows of a plane. Without strides neighbours share their border: the zeros after a line of pixels are also those
 * before the next one, and the lines of zeros after an image those before the next image, so that an image of 7×7 with a border of
 * 1 takes 64 rows and not 81.
 */
export function rowLayout(plane: WindowPlane, taps: readonly Tap[]): RowLayout {
  const apart = phaseLayout(plane, phaseExtent(plane, taps));
  const reach = [0, 1].map((axis) => Math.max(...taps.map(({ shift }) => shift[axis] ?? 0)));
  // Windows that see nothing but border would need more zeros than neighbours have between them.
  const isShared =
    plane.strides.every((stride) => stride === 1) &&
    apart.pads.every(([before, after], axis) => Math.max(before, after) <= (reach[axis] ?? 0));
  const border = (axis: 0 | 1): number => Math.max(...(apart.pads[axis] ?? []), 0);
  const extent = isShared
    ? ([plane.input[0] + border(0), plane.input[1] + border(1)] as const)
    : apart.extent;
  const [above, left] = isShared ? plane.padsBegin : [0, 0];
  const lead = above * extent[1] + left;
  const startOf = ({ shift: [y, x] }: Tap): number => y * extent[1] + x;
  return {
    extent,
    pads: isShared
      ? ([
          [0, border(0)],
          [0, border(1)],
        ] as const)
      : apart.pads,
    lead,
    tail: Math.max(...taps.map(startOf)) - lead,
    startOf,
  };
}
