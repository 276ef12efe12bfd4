import { lane } from '../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { singleFloats, storeFloats, type Floats } from './floats.ts';

/** Stores the first `count` lanes of a vector; a whole vector when `count` is as many as it has, or more. */
export function storeLanes(
  builder: KernelBuilder,
  buffer: string,
  address: Expression,
  offset: number,
  value: Expression,
  count: number,
  floats: Floats = singleFloats,
): void {
  if (count >= floats.lanes) {
    storeFloats(floats, builder, buffer, address, offset, value);
    return;
  }
  const named = builder.declare('partial', value);
  for (let index = 0; index < count; index++) {
    storeFloats(floats, builder, buffer, address, offset + floats.bytes * index, lane(named, index));
  }
}

/** How many lanes of a last vector of `rest` elements may be stored, given elements that may be overwritten after them. */
export function storableLanes(rest: number, slack: number, { lanes }: Floats = singleFloats): number {
  return rest >= lanes || slack >= lanes - rest ? lanes : rest;
}

/** The part of a kernel name that states what may be overwritten behind results: more than a vector but one makes no difference. */
export function slackName(slack: number, { lanes }: Floats = singleFloats): number | undefined {
  return slack > 0 ? Math.min(lanes - 1, slack) : undefined;
}
