import { add, integer, multiply } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import type { Floats } from '../floats.ts';
import { storeLanes } from '../store-lanes.ts';

/** Output pixels of one channel, and where their inputs lie. */
export interface PixelGrid {
  readonly height: number;
  readonly width: number;
  /** Bytes between the inputs of two output rows of pixels. */
  readonly inputRowStep: number;
  /** Bytes between the inputs of two neighbouring output pixels. */
  readonly inputPixelStep: number;
  /** Bytes between two rows of pixels in the output. */
  readonly outputRowStep: number;
}

/** `rows` × `pixels` output pixels that are computed together. */
export interface PixelTile {
  /** First row and column of pixels. */
  readonly y: Expression;
  readonly x: Expression;
  /** Byte offset of the input of the first pixel. */
  readonly source: Expression;
  /** Byte offset of the first pixel in the output. */
  readonly target: Expression;
  readonly rows: number;
  readonly pixels: number;
}

/** Tiles of `tileRows` rows × `pixelVectors` vectors of pixels. */
export interface PixelTiling {
  readonly tileRows: 1 | 2 | 4;
  readonly pixelVectors: 1 | 2 | 4;
}

/**
 * Calls `emit` for tiles that cover a channel.
 *
 * @param origin - Byte offsets of the channel's first input and output.
 */
export function forPixelTiles(
  builder: KernelBuilder,
  floats: Floats,
  grid: PixelGrid,
  tiling: PixelTiling,
  origin: { readonly source: Expression; readonly target: Expression },
  emit: (tile: PixelTile) => void,
): void {
  const { bytes, lanes } = floats;
  const tilePixels = tiling.pixelVectors * lanes;
  const emitRows = (y: Expression, rows: number): void => {
    const sourceRow = builder.declare(
      'sourceRow',
      add(origin.source, multiply(y, integer(grid.inputRowStep))),
    );
    const targetRow = builder.declare(
      'targetRow',
      add(origin.target, multiply(y, integer(grid.outputRowStep))),
    );
    const emitTile = (x: Expression, pixels: number): void => {
      emit({
        y,
        x,
        source: builder.declare('source', add(sourceRow, multiply(x, integer(grid.inputPixelStep)))),
        target: builder.declare('target', add(targetRow, multiply(x, integer(bytes)))),
        rows,
        pixels,
      });
    };
    const whole = grid.width - (grid.width % tilePixels);
    builder.loop('x', { to: whole, step: tilePixels }, (x) => {
      emitTile(x, tilePixels);
    });
    const rest = grid.width - whole;
    if (rest === 0) return;
    // The last tile may reach back over pixels already done: computing them twice is cheaper than lane stores.
    const wide = Math.ceil(rest / lanes) * lanes;
    if (wide <= grid.width) emitTile(integer(grid.width - wide), wide);
    else if (grid.inputPixelStep === bytes) emitTile(integer(whole), rest);
    // A vector of distant pixels would read far past the end of so narrow an input.
    else for (let x = whole; x < grid.width; x++) emitTile(integer(x), 1);
  };
  const whole = grid.height - (grid.height % tiling.tileRows);
  builder.loop('y', { to: whole, step: tiling.tileRows }, (y) => {
    emitRows(y, tiling.tileRows);
  });
  if (grid.height > whole) emitRows(integer(whole), grid.height - whole);
}

/** Stores vector `vector` of row `row` of a tile: all of it, or the lanes that are pixels of the tile. */
export function storeTileVector(
  builder: KernelBuilder,
  floats: Floats,
  grid: PixelGrid,
  tile: PixelTile,
  place: { readonly row: number; readonly vector: number },
  value: Expression,
): void {
  const offset = place.row * grid.outputRowStep + place.vector * floats.vectorBytes;
  const lanes = Math.min(floats.lanes, tile.pixels - place.vector * floats.lanes);
  storeLanes(builder, 'output', tile.target, offset, value, lanes, floats);
}
