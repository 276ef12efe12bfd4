import { add, integer, load, multiplyAdd } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder, Variable } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { loadApart, splatElement, type Floats } from '../floats.ts';
import type { Tile, TileVector } from './tiles.ts';

/** Columns that all groups share: `index` lists their offsets once, `weights` has one weight per row for each. */
export interface SharedWalk {
  readonly columns: number;
  /** Columns per turn. */
  readonly unroll: number;
  /** Where in `weights` the group's first column is; moves past its last. */
  readonly weight: Variable;
}

/** Columns of one row subset: `stream` holds for those of one turn their byte offsets, then for each one weight per row. */
export interface StreamWalk {
  /** Columns per turn. */
  readonly unroll: number;
  /** Where in `stream` the first column is. */
  readonly from: Expression;
  /** Where the last one ends. */
  readonly to: Expression;
}

/** Vectors of a tile with the sums that a walk adds to, `[row][vector of pixels]`. */
export interface TilePart extends Pick<Tile, 'input' | 'source' | 'vectors'> {
  readonly sums: readonly (readonly Variable[])[];
}

/** Bytes of columns in a stream that are taken in one turn, for some rows: their offsets and weights, in whole words. */
export const streamTurnBytes = (rows: number, columns: number, { bytes }: Floats): number =>
  4 * (columns + Math.ceil((columns * rows * bytes) / 4));

/** Adds the products of one column to the sums of some rows. */
function emitColumn(
  builder: KernelBuilder,
  part: TilePart,
  offset: Expression,
  weight: (row: number) => Expression,
): void {
  const { buffer, floats, pixelStep } = part.input;
  const address = builder.declare('at', add(part.source, offset));
  const loadPixels = ({ inputOffset, lanes }: TileVector): Expression =>
    builder.declare('x', loadApart(floats, buffer, address, inputOffset, pixelStep, lanes));
  const loadWeight = (row: number): Expression => builder.declare('w', weight(row));
  const accumulate = (row: number, vector: number, w: Expression, x: Expression): void => {
    const sum = part.sums[row]?.[vector];
    if (sum) builder.assign(sum, multiplyAdd(w, x, sum));
  };
  // The fewer operands are loaded first and stay in registers; the others are loaded one at a time.
  if (part.sums.length < part.vectors.length) {
    const weights = part.sums.map((_, row) => loadWeight(row));
    part.vectors.forEach((tileVector, vector) => {
      const x = loadPixels(tileVector);
      weights.forEach((w, row) => {
        accumulate(row, vector, w, x);
      });
    });
    return;
  }
  const pixels = part.vectors.map(loadPixels);
  part.sums.forEach((_, row) => {
    const w = loadWeight(row);
    pixels.forEach((x, vector) => {
      accumulate(row, vector, w, x);
    });
  });
}

/** Adds the products of all columns, which all groups share, to the sums of a group. */
export function emitSharedColumns(
  builder: KernelBuilder,
  part: TilePart,
  { columns, unroll, weight }: SharedWalk,
): void {
  const { floats } = part.input;
  const weightBytes = part.sums.length * floats.bytes;
  const turn = (entry: Expression, slots: number): void => {
    for (let slot = 0; slot < slots; slot++) {
      emitColumn(builder, part, load('i32', 'index', entry, slot * 4), (row) =>
        splatElement(floats, 'weights', weight, slot * weightBytes + row * floats.bytes),
      );
    }
    builder.assign(weight, add(weight, integer(slots * weightBytes)));
  };
  const whole = columns - (columns % unroll);
  builder.loop('column', { to: whole * 4, step: unroll * 4 }, (entry) => {
    turn(entry, unroll);
  });
  if (columns > whole) turn(integer(whole * 4), columns - whole);
}

/**
 * Adds the products of columns of a row subset to the sums of its rows, `unroll` columns a turn. The pointer into the stream is the
 * loop's variable.
 */
export function emitSubsetColumns(
  builder: KernelBuilder,
  part: TilePart,
  { from, to, unroll }: StreamWalk,
): void {
  const { floats } = part.input;
  const rowBytes = part.sums.length * floats.bytes;
  const step = streamTurnBytes(part.sums.length, unroll, floats);
  builder.loop('column', { from, to, step }, (entry) => {
    for (let slot = 0; slot < unroll; slot++) {
      const offset = load('i32', 'stream', entry, slot * 4);
      emitColumn(builder, part, unroll > 1 ? builder.declare('offset', offset) : offset, (row) =>
        splatElement(floats, 'stream', entry, unroll * 4 + slot * rowBytes + row * floats.bytes),
      );
    }
  });
}
