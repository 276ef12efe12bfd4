import { add, integer, lane, splat } from '../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { loadVector, splatElement, type Floats } from './floats.ts';

/** Elements that lie next to each other, from a byte of a buffer on. */
export interface Row {
  readonly buffer: string;
  /** What they are, computed with as 32-bit floats. */
  readonly floats: Floats;
  readonly start: Expression;
  readonly extent: number;
}

/** Calls `emit` with byte offsets that cover a row of `extent` elements: whole vectors, then single elements. */
export function walkRow(
  builder: KernelBuilder,
  extent: number,
  { bytes, vectorBytes }: Floats,
  emit: (byte: Expression, lanes: 1 | 4) => void,
): void {
  const whole = extent - (extent % 4);
  builder.loop('element', { to: whole * bytes, step: vectorBytes }, (byte) => {
    emit(byte, 4);
  });
  for (let element = whole; element < extent; element++) emit(integer(element * bytes), 1);
}

/** The elements of a row at a byte offset that {@link walkRow} gave: four of them, or one in every lane. */
export function loadOfRow(row: Row, byte: Expression, lanes: 1 | 4): Expression {
  const address = add(row.start, byte);
  const loadLanes = lanes === 4 ? loadVector : splatElement;
  return loadLanes(row.floats, row.buffer, address);
}

/**
 * Combines the elements of a row, each first mapped by `map`; the result is in every lane.
 *
 * @param combine - Associative; whole vectors and single elements are combined apart and then with each other.
 */
export function foldRow(
  builder: KernelBuilder,
  row: Row,
  initial: Expression,
  combine: (a: Expression, b: Expression) => Expression,
  map: (x: Expression, byte: Expression, lanes: 1 | 4) => Expression = (x) => x,
): Expression {
  const vectors = builder.variable('vectors', initial);
  const singles = builder.variable('singles', initial);
  walkRow(builder, row.extent, row.floats, (byte, lanes) => {
    const total = lanes === 4 ? vectors : singles;
    builder.assign(total, combine(total, map(loadOfRow(row, byte, lanes), byte, lanes)));
  });
  const halves = combine(
    combine(lane(vectors, 0), lane(vectors, 1)),
    combine(lane(vectors, 2), lane(vectors, 3)),
  );
  return builder.declare('total', combine(splat(halves), singles));
}
