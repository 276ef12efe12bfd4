import type { LineLayout } from '../../products/copy-kernel.ts';
import type { SquareLayout, SquareRun } from '../../products/transform-kernel.ts';
import { LANES } from '../../products/tiles.ts';
import { winograd } from './winograd-matrices.ts';

/** Planes that are cut into tiles; the images of a batch are innermost, so that the same tile of four images is computed at once. */
export interface TiledPlane {
  /** Tiles along both axes. */
  readonly tiles: readonly [number, number];
  /** Images, with those that fill the last vector. */
  readonly images: number;
  /** Elements of all images of all tiles in a row. */
  readonly rowLength: number;
  /** What tiles are cut from, with its border: they overlap. */
  readonly operand: LineLayout;
  /** What tiles make, side by side. */
  readonly result: LineLayout;
}

/** The plane of a result with these extents. */
export function tiledPlane(output: readonly [number, number], batch: number): TiledPlane {
  const images = Math.ceil(batch / LANES) * LANES;
  const tiles = [tilesAlong(output[0]), tilesAlong(output[1])] as const;
  const overlap = winograd.inputs - winograd.outputs;
  const layout = (beyond: number): LineLayout => {
    const [height, width] = [tiles[0] * winograd.outputs + beyond, tiles[1] * winograd.outputs + beyond];
    return {
      start: 0,
      imageStep: 1,
      pixelStep: images,
      lineStep: width * images,
      channelStep: height * width * images,
    };
  };
  return { tiles, images, rowLength: tiles[1] * images, operand: layout(overlap), result: layout(0) };
}

/** Tiles that cover so many elements. */
export function tilesAlong(extent: number): number {
  return Math.ceil(extent / winograd.outputs);
}

/** The squares of a row of tiles in a plane. */
export function squaresOfPlane({ lineStep, pixelStep }: LineLayout): SquareLayout {
  return { rowStep: lineStep, columnStep: pixelStep };
}

/** The squares of a row of tiles where each of their elements has a matrix of its own, `[channels, row length]`. */
export function squaresOfMatrices(channels: number, { rowLength }: TiledPlane): SquareLayout {
  const columnStep = channels * rowLength;
  return { rowStep: winograd.inputs * columnStep, columnStep };
}

/** The squares of a row of tiles: of all channels, all tiles and all images, from a plane to matrices or the other way. */
export function runsOfTiles(
  channels: number,
  { tiles, images, rowLength }: TiledPlane,
  plane: LineLayout,
  direction: 'fromPlane' | 'toPlane',
): SquareRun[] {
  const steps = [
    { count: channels, ofPlane: plane.channelStep, ofMatrices: rowLength },
    { count: tiles[1], ofPlane: winograd.outputs * plane.pixelStep, ofMatrices: images },
    { count: images / LANES, ofPlane: LANES, ofMatrices: LANES },
  ];
  return steps.map(({ count, ofPlane, ofMatrices }) =>
    direction === 'fromPlane'
      ? { count, fromStep: ofPlane, toStep: ofMatrices }
      : { count, fromStep: ofMatrices, toStep: ofPlane },
  );
}

/** Kernels where each of the elements that they are transformed to has a matrix of its own, `[filters, channels]`. */
export function squaresOfKernels(filters: number, channels: number): SquareLayout {
  const columnStep = filters * channels;
  return { rowStep: winograd.inputs * columnStep, columnStep };
}
