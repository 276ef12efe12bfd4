import { add, compare, integer, multiply, select } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { storeLanes } from '../store-lanes.ts';

/** Four neighbouring pixels of a tile. */
export interface TileVector {
  /** Bytes from the input of the tile's first pixel. */
  readonly inputOffset: number;
  /** Bytes from the output of the tile's first pixel. */
  readonly outputOffset: number;
  /** How many of the four are pixels of the image. */
  readonly lanes: number;
}

/** Pixels that are computed together, in one or several rows. */
export interface Tile {
  /** Address of the input of the first pixel. */
  readonly source: Expression;
  /** Address of the output of the first pixel. */
  readonly target: Expression;
  readonly vectors: readonly TileVector[];
}

/** The image that tiles cover: extents in output pixels, distances in bytes. */
export interface TiledImage {
  readonly height: number;
  readonly width: number;
  readonly inputRowStep: number;
  readonly inputPixelStep: number;
  readonly outputRowStep: number;
}

/** How an image is cut into tiles: at most `pixelVectors` vectors wide, `tileRows` rows high, by blocks of rows. */
export interface Tiling {
  readonly pixelVectors: number;
  readonly tileRows: number;
  readonly blockHeight: number;
}

/** Stores a vector of a tile: all of it, or the lanes that are pixels of the image. */
export function storePixels(
  builder: KernelBuilder,
  vector: TileVector,
  address: Expression,
  value: Expression,
): void {
  storeLanes(builder, 'output', address, vector.outputOffset, value, vector.lanes);
}

const smaller = (builder: KernelBuilder, value: Expression, limit: number): Expression => {
  const named = builder.declare('limited', value);
  return builder.declare('least', select(compare('lt', named, integer(limit)), named, integer(limit)));
};

/**
 * Calls `emit` with the position of the tiles of one row and their width in vectors. All are as wide, so that their code
 * is there once: the last one may reach back over pixels already done, which is cheaper than stores of single lanes.
 */
function forTilesOfRow(
  builder: KernelBuilder,
  width: number,
  pixelVectors: number,
  emit: (x: Expression, vectors: number, pixels: number) => void,
): void {
  const vectors = Math.min(pixelVectors, Math.ceil(width / 4));
  const pixels = Math.min(width, vectors * 4);
  builder.loop('x', { to: width, step: pixels }, (x) => {
    emit(width % pixels === 0 ? x : smaller(builder, x, width - pixels), vectors, pixels);
  });
}

/** Calls `emit` for the tiles of one block of rows of pixels, from row `firstY` on. */
export function forTiles(
  builder: KernelBuilder,
  image: TiledImage,
  tiling: Tiling,
  firstY: Expression,
  emit: (tile: Tile) => void,
): void {
  const tileRows = Math.min(tiling.tileRows, image.height);
  const emitRow = (y: Expression): void => {
    // The last tiles may reach up over rows already done.
    const top = image.height % tileRows === 0 ? y : smaller(builder, y, image.height - tileRows);
    const sourceRow = builder.declare('sourceRow', multiply(top, integer(image.inputRowStep)));
    const targetRow = builder.declare('targetRow', multiply(top, integer(image.outputRowStep)));
    forTilesOfRow(builder, image.width, tiling.pixelVectors, (x, vectors, pixels) => {
      emit({
        source: builder.declare('source', add(sourceRow, multiply(x, integer(image.inputPixelStep)))),
        target: builder.declare('targetTile', add(targetRow, multiply(x, integer(4)))),
        vectors: Array.from({ length: tileRows * vectors }, (_, index) => {
          const row = Math.floor(index / vectors);
          const vector = index % vectors;
          return {
            inputOffset: row * image.inputRowStep + vector * 4 * image.inputPixelStep,
            outputOffset: row * image.outputRowStep + vector * 16,
            lanes: Math.min(4, pixels - vector * 4),
          };
        }),
      });
    });
  };
  if (tiling.blockHeight <= tileRows) {
    emitRow(firstY);
    return;
  }
  const afterBlock = add(firstY, integer(tiling.blockHeight));
  const lastY =
    image.height % tiling.blockHeight === 0
      ? builder.declare('lastY', afterBlock)
      : smaller(builder, afterBlock, image.height);
  builder.loop('y', { from: firstY, to: lastY, step: tileRows }, emitRow);
}
