import { add, binary, integer, multiply } from '../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import type { SharedLoops } from './family.ts';

/** Extents of nested loops, and per operand the distance in elements between neighbours along each of them. */
export interface LoopNest {
  /** Outermost first. */
  readonly extents: readonly number[];
  /** One list of strides, in elements, per operand; 0 where an operand is broadcast. */
  readonly strides: readonly (readonly number[])[];
}

/**
 * The same walk with fewer loops: extents of 1 are dropped, and neighbouring loops that every operand walks as one
 * are merged.
 */
export function collapseLoops(nest: LoopNest): LoopNest {
  const extents: number[] = [];
  const strides: number[][] = nest.strides.map(() => []);
  nest.extents.forEach((extent, axis) => {
    if (extent === 1) return;
    const previous = extents.at(-1);
    const merges =
      previous !== undefined &&
      nest.strides.every((operand, i) => strides[i]?.at(-1) === (operand[axis] ?? 0) * extent);
    if (merges) {
      extents[extents.length - 1] = previous * extent;
      nest.strides.forEach((operand, i) => {
        const target = strides[i];
        if (target) target[target.length - 1] = operand[axis] ?? 0;
      });
      return;
    }
    extents.push(extent);
    nest.strides.forEach((operand, i) => strides[i]?.push(operand[axis] ?? 0));
  });
  return { extents, strides };
}

/**
 * Loops over the given extents and calls `body` with the byte offset of each operand.
 *
 * @param builder - Receives the loops.
 * @param nest - Extents and strides, in elements.
 * @param starts - Byte offset of each operand's first element.
 * @param elementBytes - Bytes of an element of each operand.
 * @param body - Emits the innermost statements.
 */
export function emitLoopNest(
  builder: KernelBuilder,
  nest: LoopNest,
  starts: readonly Expression[],
  elementBytes: readonly number[],
  body: (offsets: readonly Expression[]) => void,
): void {
  const [extent, ...rest] = nest.extents;
  if (extent === undefined) {
    body(starts);
    return;
  }
  const inner = { extents: rest, strides: nest.strides.map((operand) => operand.slice(1)) };
  builder.loop(`axis${String(rest.length)}`, { to: extent }, (index) => {
    const offsets = starts.map((start, i) => {
      const bytes = (nest.strides[i]?.[0] ?? 0) * (elementBytes[i] ?? 0);
      if (bytes === 0) return start;
      const step = bytes > 0 ? multiply(index, integer(bytes)) : binary('mul', index, integer(bytes));
      return builder.declare('at', add(start, step));
    });
    emitLoopNest(builder, inner, offsets, elementBytes, body);
  });
}

/**
 * The loops of a nest as threads and work-items can share them.
 *
 * @param nest - Extents and strides, in elements.
 * @param buffers - The buffer of each operand.
 * @param multiple - Parts of the innermost loop start at multiples of this.
 * @param part - The problem with other extents.
 */
export function sharedLoopsOf<Problem>(
  nest: LoopNest,
  buffers: readonly { readonly name: string; readonly elementBytes: number }[],
  multiple: number,
  part: (extents: readonly number[]) => Problem,
): SharedLoops<Problem> {
  const loops = nest.extents.map((turns, axis) => ({
    name: `axis ${String(axis)}`,
    turns,
    multiple: axis === nest.extents.length - 1 ? multiple : 1,
    steps: Object.fromEntries(
      buffers.map(({ name, elementBytes }, operand) => [
        name,
        (nest.strides[operand]?.[axis] ?? 0) * elementBytes,
      ]),
    ),
  }));
  return { loops, part };
}
