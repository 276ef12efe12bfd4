import { lane } from '../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';

/** Stores the first `count` lanes of a vector; a whole vector when `count` is 4 or more. */
export function storeLanes(
  builder: KernelBuilder,
  buffer: string,
  address: Expression,
  offset: number,
  value: Expression,
  count: number,
): void {
  if (count >= 4) {
    builder.store(buffer, address, offset, value);
    return;
  }
  const named = builder.declare('partial', value);
  for (const index of [0, 1, 2, 3] as const) {
    if (index < count) builder.store(buffer, address, offset + 4 * index, lane(named, index));
  }
}

/** How many lanes of a last vector of `rest` elements may be stored, given floats that may be overwritten after them. */
export function storableLanes(rest: number, slack: number): number {
  return rest >= 4 || slack >= 4 - rest ? 4 : rest;
}
