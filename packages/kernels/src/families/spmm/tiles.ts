import { add, compare, integer, multiply, select } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { ElementType, Expression } from '../../kernel-ir/types.ts';
import { floatsOf, type Floats } from '../floats.ts';
import { storeLanes } from '../store-lanes.ts';

/** Neighbouring pixels of a tile, one per lane. */
export interface TileVector {
  /** Bytes from the input of the tile's first pixel. */
  readonly inputOffset: number;
  /** Bytes from the output of the tile's first pixel. */
  readonly outputOffset: number;
  /** How many lanes are pixels of the image. */
  readonly lanes: number;
}

/** Where the inputs of pixels are read: the image, or a panel that they were copied to. */
export interface TileInput {
  readonly buffer: 'input' | 'scratch';
  /** Inputs, and weights and sums like them. */
  readonly floats: Floats;
  /** Bytes between the inputs of two neighbouring output pixels, and of two rows. */
  readonly pixelStep: number;
  readonly rowStep: number;
}

/** Pixels that are computed together, in one or several rows. */
export interface Tile {
  readonly input: TileInput;
  /** Address of the input of the first pixel. */
  readonly source: Expression;
  /** Address of the output of the first pixel. */
  readonly target: Expression;
  readonly vectors: readonly TileVector[];
}

/** The image that tiles cover: extents in output pixels, distances in bytes. */
export interface TiledImage {
  readonly element?: ElementType;
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
  floats: Floats,
  vector: TileVector,
  address: Expression,
  value: Expression,
): void {
  storeLanes(builder, 'output', address, vector.outputOffset, value, vector.lanes, floats);
}

/** The smaller of a value and a constant. */
export const smaller = (builder: KernelBuilder, value: Expression, limit: number): Expression => {
  const named = builder.declare('limited', value);
  return builder.declare('least', select(compare('lt', named, integer(limit)), named, integer(limit)));
};

/**
 * Calls `emit` with the position of the tiles of one row and their width in vectors. All are as wide, so that their code
 * is there once: the last one may reach back over pixels already done, which is cheaper than stores of single lanes.
 */
function forTilesOfRow(
  builder: KernelBuilder,
  { lanes }: Floats,
  width: number,
  pixelVectors: number,
  emit: (x: Expression, pixels: number) => void,
): void {
  const vectors = Math.min(pixelVectors, Math.ceil(width / lanes));
  const pixels = Math.min(width, vectors * lanes);
  builder.loop('x', { to: width, step: pixels }, (x) => {
    emit(width % pixels === 0 ? x : smaller(builder, x, width - pixels), pixels);
  });
}

/** The vectors of a tile of so many rows of so many pixels. */
export function tileVectors(
  { floats, pixelStep, rowStep }: TileInput,
  outputRowStep: number,
  [rows, pixels]: readonly [rows: number, pixels: number],
): TileVector[] {
  const { lanes, vectorBytes } = floats;
  const vectors = Math.ceil(pixels / lanes);
  return Array.from({ length: rows * vectors }, (_, index) => {
    const row = Math.floor(index / vectors);
    const vector = index % vectors;
    return {
      inputOffset: row * rowStep + vector * lanes * pixelStep,
      outputOffset: row * outputRowStep + vector * vectorBytes,
      lanes: Math.min(lanes, pixels - vector * lanes),
    };
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
  const floats = floatsOf(image.element);
  const tileRows = Math.min(tiling.tileRows, image.height);
  const input: TileInput = {
    buffer: 'input',
    floats,
    pixelStep: image.inputPixelStep,
    rowStep: image.inputRowStep,
  };
  const emitRow = (y: Expression): void => {
    // The last tiles may reach up over rows already done.
    const top = image.height % tileRows === 0 ? y : smaller(builder, y, image.height - tileRows);
    const sourceRow = builder.declare('sourceRow', multiply(top, integer(image.inputRowStep)));
    const targetRow = builder.declare('targetRow', multiply(top, integer(image.outputRowStep)));
    forTilesOfRow(builder, floats, image.width, tiling.pixelVectors, (x, pixels) => {
      emit({
        input,
        source: builder.declare('source', add(sourceRow, multiply(x, integer(image.inputPixelStep)))),
        target: builder.declare('targetTile', add(targetRow, multiply(x, integer(floats.bytes)))),
        vectors: tileVectors(input, image.outputRowStep, [tileRows, pixels]),
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
