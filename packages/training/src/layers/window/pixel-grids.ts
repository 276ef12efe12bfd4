import type { LineLayout, PixelGrid } from '../../products/copy-kernel.ts';
import type { RowLayout } from './row-layout.ts';
import type { WindowPlane } from './window-plane.ts';

/** Rows of channels, with all images one after the other. */
export interface ChannelRows {
  /** Where the first image of the first channel begins. */
  readonly start: number;
  /** Elements from one channel to the next. */
  readonly channelStep: number;
}

/** Images [N,C,…] of that many pixels a line. */
export function imageLayout(channels: number, [height, width]: readonly [number, number]): LineLayout {
  const channelStep = height * width;
  return { start: 0, imageStep: channels * channelStep, channelStep, lineStep: width, pixelStep: 1 };
}

/** Lines of rows. */
function rowsLayout({ start, channelStep }: ChannelRows, { extent }: RowLayout): LineLayout {
  return { start, imageStep: extent[0] * extent[1], channelStep, lineStep: extent[1], pixelStep: 1 };
}

/**
 * From images of the operand to rows: every phase of the strides has rows of its own, which have only the pixels that windows reach.
 *
 * @param plane - The windows.
 * @param layout - How they are laid out.
 * @param channels - Channels of the operand.
 * @param phases - The phases that windows use, with their rows.
 */
export function operandGrids(
  { input, strides }: WindowPlane,
  layout: RowLayout,
  channels: number,
  phases: readonly { readonly phase: readonly [number, number]; readonly rows: ChannelRows }[],
): PixelGrid[] {
  const images = imageLayout(channels, input);
  return phases.map(({ phase, rows }) => {
    const [lines, columns] = ([0, 1] as const).map((axis) => {
      const [before = 0] = layout.pads[axis] ?? [];
      const stride = strides[axis];
      // The first element of the operand that is in the phase, and where it is there.
      const first = (((phase[axis] - before) % stride) + stride) % stride;
      const place = (first + before - phase[axis]) / stride;
      const count = Math.min(Math.ceil((input[axis] - first) / stride), layout.extent[axis] - place);
      return { first, place, count: Math.max(count, 0) };
    }) as [AxisShare, AxisShare];
    const to = rowsLayout(rows, layout);
    return {
      lines: lines.count,
      pixels: columns.count,
      from: {
        ...images,
        start: lines.first * images.lineStep + columns.first,
        lineStep: images.lineStep * strides[0],
        pixelStep: strides[1],
      },
      to: { ...to, start: to.start + lines.place * to.lineStep + columns.place },
    };
  });
}

/** Elements of one axis that are in a phase: the first, its place among those, and how many there are. */
interface AxisShare {
  readonly first: number;
  readonly place: number;
  readonly count: number;
}

/** From images of the result to rows: lines are as long as those of the operand, and what follows the pixels of the result is not used. */
export function resultGrid(
  { output }: WindowPlane,
  layout: RowLayout,
  channels: number,
  rows: ChannelRows,
): PixelGrid {
  return {
    lines: output[0],
    pixels: output[1],
    from: imageLayout(channels, output),
    to: rowsLayout(rows, layout),
  };
}

/** The way back. */
export function backwards({ from, to, ...grid }: PixelGrid): PixelGrid {
  return { ...grid, from: to, to: from };
}
