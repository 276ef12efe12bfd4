import { add, compare, integer, multiply, select } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { storeLanes } from '../store-lanes.ts';
import type { SpmmProblem, SpmmSchedule } from './spmm-problem.ts';

/** A piece of one row of output pixels. */
export interface Tile {
  readonly source: Expression;
  readonly target: Expression;
  readonly pixels: number;
}

/** Stores a vector of a tile: all of it, or the lanes that are pixels of the tile. */
export function storePixels(
  builder: KernelBuilder,
  tile: Tile,
  address: Expression,
  vector: number,
  value: Expression,
): void {
  storeLanes(builder, 'output', address, vector * 16, value, Math.min(4, tile.pixels - vector * 4));
}

/** Calls `emit` for the tiles of the rows of pixels from `firstY` on. */
export function forTiles(
  builder: KernelBuilder,
  problem: SpmmProblem,
  schedule: SpmmSchedule,
  firstY: Expression,
  emit: (tile: Tile) => void,
): void {
  const tilePixels = schedule.pixelVectors * 4;
  const single = schedule.blockHeight === 1 || problem.height === 1;
  const lastRow = (): Expression => {
    const afterBlock = builder.declare('afterBlock', add(firstY, integer(schedule.blockHeight)));
    if (problem.height % schedule.blockHeight === 0) return afterBlock;
    const height = integer(problem.height);
    return builder.declare('lastY', select(compare('lt', afterBlock, height), afterBlock, height));
  };
  const emitRow = (y: Expression): void => {
    const sourceRow = builder.declare('sourceRow', multiply(y, integer(problem.inputRowStep)));
    const targetRow = builder.declare('targetRow', multiply(y, integer(problem.outputRowStep)));
    const emitTile = (x: Expression, pixels: number): void => {
      emit({
        source: builder.declare('source', add(sourceRow, multiply(x, integer(problem.inputPixelStep)))),
        target: builder.declare('targetTile', add(targetRow, multiply(x, integer(4)))),
        pixels,
      });
    };
    const whole = problem.width - (problem.width % tilePixels);
    builder.loop('x', { to: whole, step: tilePixels }, (x) => {
      emitTile(x, tilePixels);
    });
    const rest = problem.width - whole;
    if (rest === 0) return;
    // The last tile may reach back over pixels already done: computing them twice is cheaper than lane stores.
    const wide = Math.ceil(rest / 4) * 4;
    if (wide <= problem.width) emitTile(integer(problem.width - wide), wide);
    else emitTile(integer(whole), rest);
  };
  if (single) emitRow(firstY);
  else builder.loop('y', { from: firstY, to: lastRow() }, emitRow);
}
