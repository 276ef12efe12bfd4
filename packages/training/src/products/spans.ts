import { add, integer, multiply, type Expression, type KernelBuilder } from '@grim/kernels';
import { BYTES, LANES, tilesOf } from './tiles.ts';

/** Stretches of a row that are computed with: the pixels of each image, without most of the zeros between images. */
export interface Spans {
  readonly count: number;
  /** Elements of each; a multiple of four. */
  readonly length: number;
  /** Elements from one to the next. */
  readonly step: number;
}

/** One stretch. */
export function oneSpan(length: number): Spans {
  return { count: 1, length, step: length };
}

/** Stretches of that many elements or, to fill the last vector, a few more; one stretch where they would meet. */
export function spansOf(count: number, used: number, step: number): Spans {
  const inVectors = (length: number): number => Math.ceil(length / LANES) * LANES;
  const length = inVectors(used);
  return length < step ? { count, length, step } : oneSpan(inVectors(count * step));
}

/**
 * Divides stretches into groups of about as many elements as are given, or one of them into several parts: what a kernel computes with
 * before it goes on stays in a cache.
 *
 * @param builder - Receives the loops.
 * @param spans - The stretches.
 * @param elements - Of a group.
 * @param body - Emits a group from the offset of its first stretch in bytes, their number, and the elements of each.
 */
export function groupsOfSpans(
  builder: KernelBuilder,
  { count, length, step }: Spans,
  elements: number,
  body: (offset: Expression, count: number, length: number) => void,
): void {
  const together = Math.max(1, Math.floor(elements / Math.max(1, length)));
  tilesOf(builder, 'group', { to: count, tile: together }, (group, groupCount) => {
    tilesOf(builder, 'chunk', { to: length, tile: elements }, (chunk, chunkLength) => {
      const offset = add(multiply(group, integer(step * BYTES)), multiply(chunk, integer(BYTES)));
      body(builder.declare('offset', offset), groupCount, chunkLength);
    });
  });
}
