import type { Kernel } from '@grim/kernels';
import { copyKernel, type LineLayout } from '../../products/copy-kernel.ts';
import { transformKernel } from '../../products/transform-kernel.ts';
import { imageLayout } from './pixel-grids.ts';
import { runsOfTiles, squaresOfMatrices, squaresOfPlane, type TiledPlane } from './tiled-plane.ts';
import { winograd } from './winograd-matrices.ts';
import type { WindowSums } from './winograd-sums.ts';

/** Images [N,C,…] that are cut into tiles. */
export interface TiledImages {
  readonly name: string;
  readonly batch: number;
  readonly channels: number;
  readonly extent: readonly [number, number];
  /** The plane that tiles are cut from, and where in it an image begins. */
  readonly layout: LineLayout;
  readonly start: number;
  /** What each tile is transformed with. */
  readonly matrix: readonly (readonly number[])[];
}

/** Two kernels: from images to their plane, and from a row of tiles of it to a matrix `[C, row length]` for each element of a tile. */
export function matricesOfTiles(images: TiledImages, plane: TiledPlane): readonly [Kernel, Kernel] {
  const { name, batch, channels, extent, layout, start, matrix } = images;
  const [lines, pixels] = extent;
  return [
    copyKernel({
      name: `${name}ToPlane`,
      images: batch,
      channels,
      grids: [{ lines, pixels, from: imageLayout(channels, extent), to: { ...layout, start } }],
      shifted: false,
    }),
    transformKernel({
      name: `${name}ToMatrices`,
      matrix,
      from: squaresOfPlane(layout),
      to: squaresOfMatrices(channels, plane),
      runs: runsOfTiles(channels, plane, layout, 'fromPlane'),
      lanes: 4,
    }),
  ];
}

/** Two kernels that bring the images under windows, with their border, into matrices ({@link matricesOfTiles}). */
export function matricesOfOperand(
  { batch, channels, input, padsBegin }: Omit<WindowSums, 'filters' | 'output'>,
  plane: TiledPlane,
): readonly [Kernel, Kernel] {
  const { operand: layout } = plane;
  const start = padsBegin[0] * layout.lineStep + padsBegin[1] * layout.pixelStep;
  const matrix = winograd.ofTile;
  return matricesOfTiles({ name: 'images', batch, channels, extent: input, layout, start, matrix }, plane);
}
