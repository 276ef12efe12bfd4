import {
  add,
  integer,
  KernelBuilder,
  lane,
  load,
  loadSplat,
  multiply,
  type Expression,
  type Kernel,
} from '@grim/kernels';
import { BYTES, LANES } from './tiles.ts';

/** How lines of pixels lie in memory; distances in elements. */
export interface LineLayout {
  /** Where the first pixel is. */
  readonly start: number;
  readonly imageStep: number;
  readonly channelStep: number;
  readonly lineStep: number;
  readonly pixelStep: number;
}

/** A grid of pixels of every channel of every image, from one layout to another. */
export interface PixelGrid {
  readonly lines: number;
  /** Pixels of a line. */
  readonly pixels: number;
  readonly from: LineLayout;
  readonly to: LineLayout;
}

/** What is copied. */
export interface CopyProblem {
  readonly name: string;
  readonly images: number;
  readonly channels: number;
  readonly grids: readonly PixelGrid[];
  /** Whether a number for each channel is added to its pixels. */
  readonly shifted: boolean;
}

/** The kernel of a problem; its buffers are `source`, `target` and, where pixels are shifted, `shifts`. */
export function copyKernel({ name, images, channels, grids, shifted }: CopyProblem): Kernel {
  const builder = new KernelBuilder();
  builder.buffer('source', 'read');
  builder.buffer('target', 'write');
  if (shifted) builder.buffer('shifts', 'read');
  const along = (index: Expression, elements: number): Expression =>
    multiply(index, integer(elements * BYTES));

  const emitLine = (
    { pixels, from, to }: PixelGrid,
    source: Expression,
    target: Expression,
    shift?: Expression,
  ): void => {
    const isContiguous = from.pixelStep === 1 && to.pixelStep === 1;
    const moved = (value: Expression, by?: Expression): Expression => (by ? add(value, by) : value);
    const emitScalars = (first: number): void => {
      builder.loop('pixel', { from: first, to: pixels }, (pixel) => {
        const value = load('f32', 'source', add(source, along(pixel, from.pixelStep)));
        builder.store(
          'target',
          add(target, along(pixel, to.pixelStep)),
          0,
          moved(value, shift && lane(shift, 0)),
        );
      });
    };
    const whole = isContiguous ? pixels - (pixels % LANES) : 0;
    builder.loop('vector', { to: whole * BYTES, step: LANES * BYTES }, (vector) => {
      const value = load('f32x4', 'source', add(source, vector));
      builder.store('target', add(target, vector), 0, moved(value, shift));
    });
    if (whole < pixels) emitScalars(whole);
  };

  builder.loop('channel', { to: channels }, (channel) => {
    const shift = shifted ? builder.declare('shift', loadSplat('shifts', along(channel, 1))) : undefined;
    builder.loop('image', { to: images }, (image) => {
      for (const grid of grids) {
        const startOf = ({ start, imageStep, channelStep }: LineLayout): Expression =>
          add(integer(start * BYTES), add(along(image, imageStep), along(channel, channelStep)));
        const [source, target] = [
          builder.declare('sourceImage', startOf(grid.from)),
          builder.declare('targetImage', startOf(grid.to)),
        ];
        builder.loop('line', { to: grid.lines }, (line) => {
          emitLine(
            grid,
            builder.declare('sourceLine', add(source, along(line, grid.from.lineStep))),
            builder.declare('targetLine', add(target, along(line, grid.to.lineStep))),
            shift,
          );
        });
      }
    });
  });
  return builder.build(name, `copy pixels of ${images} images with ${channels} channels`);
}
