import { add, integer, load } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import { emitSubsetColumns, type TilePart } from './emit-columns.ts';
import { rowsOfSubset, type Strip } from './strip.ts';

/**
 * Adds the products of all columns of a strip to sums in registers, one subset of rows after the other: whole turns of `unroll`
 * columns, then what is left one at a time.
 */
export function emitStripColumns(
  builder: KernelBuilder,
  { rows, subsets, start, cursor }: Strip,
  part: TilePart,
  unroll: number,
): void {
  builder.assign(cursor, add(start, integer(4 * rows)));
  for (const subset of subsets) {
    const members = rowsOfSubset(subset, rows);
    if (members.length === 0) continue;
    builder.comment(`columns of row(s) ${members.join(', ')}`);
    const sums = members.map((member) => part.sums[member] ?? []);
    const headBytes = unroll > 1 ? 8 : 4;
    const from = builder.declare('from', add(cursor, integer(headBytes)));
    const end = builder.declare('end', add(from, load('i32', 'stream', cursor)));
    if (unroll > 1) {
      const whole = builder.declare('whole', add(from, load('i32', 'stream', cursor, 4)));
      emitSubsetColumns(builder, { ...part, sums }, { from, to: whole, unroll });
      emitSubsetColumns(builder, { ...part, sums }, { from: whole, to: end, unroll: 1 });
    } else {
      emitSubsetColumns(builder, { ...part, sums }, { from, to: end, unroll });
    }
    builder.assign(cursor, end);
  }
}
