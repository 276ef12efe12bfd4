import { add, integer, load, multiply, subtract } from '../kernel-ir/expressions.ts';
import type { Expression, GridDimension } from '../kernel-ir/types.ts';

/** Name of the buffer that says where parts of a kernel start in others. */
export const startsBuffer = 'starts';

/** How a work-item's part of a buffer moves on along a dimension. */
export interface Move {
  readonly dimension: GridDimension;
  readonly by:
    /** As far from each work-item to the next. */
    | { readonly kind: 'bytes'; readonly bytes: number }
    /** To where the table of starts says: `words` words further for each work-item, the one at `position` of its entry. */
    | { readonly kind: 'starts'; readonly words: number; readonly position: number };
}

/** Moves by buffer. */
export type Moves = ReadonlyMap<string, readonly Move[]>;

const read = (name: string): Expression => ({ op: 'read', type: 'i32', name });

function distanceOf({ by }: Move, item: Expression): Expression {
  if (by.kind === 'bytes') return multiply(item, integer(by.bytes));
  return load('i32', startsBuffer, multiply(item, integer(by.words * 4)), by.position * 4);
}

const sum = (distances: readonly Expression[]): Expression =>
  distances.reduce<Expression>((total, part) => add(total, part), integer(0));

/** Bytes from the start of a buffer to a work-item's part of it. */
export const distance = (moves: readonly Move[]): Expression =>
  sum(moves.map((move) => distanceOf(move, read(move.dimension.index))));

/** Bytes from the start of a buffer to the part of the first work-item of a group. */
export const distanceOfGroup = (moves: readonly Move[]): Expression =>
  sum(
    moves.map((move) => {
      const { index, first, groupItems } = move.dimension;
      return distanceOf(move, read(groupItems > 1 ? first : index));
    }),
  );

/** Bytes from the part of the first work-item of a group to a work-item's. */
export const distanceInGroup = (moves: readonly Move[]): Expression =>
  sum(
    moves
      .filter(({ dimension }) => dimension.groupItems > 1)
      .map((move) => distanceOf(move, subtract(read(move.dimension.index), read(move.dimension.first)))),
  );

/** Bytes from the part of the first work-item of a group to that of the last; nothing where that is not one number. */
export function reachOfGroup(moves: readonly Move[]): number | undefined {
  return moves.reduce<number | undefined>((reach, { dimension, by }) => {
    if (dimension.groupItems === 1) return reach;
    if (reach === undefined || by.kind === 'starts' || by.bytes < 0) return undefined;
    return reach + by.bytes * (dimension.groupItems - 1);
  }, 0);
}
