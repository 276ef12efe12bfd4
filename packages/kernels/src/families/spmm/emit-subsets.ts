import { add, compare, integer, load } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { loadVector } from '../floats.ts';
import { emitSubsetColumns } from './emit-columns.ts';
import { passVectors } from './pass-vectors.ts';
import { rowsOfSubset, type Strip } from './strip.ts';
import { sumPlace } from './strip-sums.ts';
import type { Tile } from './tiles.ts';

/**
 * Adds the products of the columns of one strip to its sums, one subset of rows after the other.
 *
 * @param address - Where in the scratch memory the sums are.
 */
export function emitSubsets(
  builder: KernelBuilder,
  { rows, subsets, start, cursor }: Strip,
  address: Expression,
  tile: Tile,
): void {
  const vectors = tile.vectors.length;
  builder.assign(cursor, add(start, integer(4 * rows)));
  for (const subset of subsets) {
    const members = rowsOfSubset(subset, rows);
    if (members.length === 0) continue;
    builder.comment(`columns of row(s) ${members.join(', ')}`);
    const from = builder.declare('from', add(cursor, integer(4)));
    const to = builder.declare('to', add(from, load('i32', 'stream', cursor)));
    const passes = Math.ceil(vectors / passVectors(members.length));
    // Where lists are short many are empty: then sums stay where they are.
    builder.branch(compare('lt', from, to), () => {
      for (let pass = 0; pass < passes; pass++) {
        // As even as can be: few sums would wait for each other.
        const first = Math.floor((vectors * pass) / passes);
        const end = Math.floor((vectors * (pass + 1)) / passes);
        const place = (member: number, vector: number): number =>
          sumPlace(members[member] ?? 0, first + vector, vectors);
        const perMember = members.map((_, member) =>
          Array.from({ length: end - first }, (_, vector) =>
            builder.variable('sum', loadVector(tile.input.floats, 'scratch', address, place(member, vector))),
          ),
        );
        const part = { ...tile, sums: perMember, vectors: tile.vectors.slice(first, end) };
        emitSubsetColumns(builder, part, { from, to, unroll: 1 });
        perMember.forEach((perVector, member) => {
          perVector.forEach((sum, vector) => {
            builder.store('scratch', address, place(member, vector), sum);
          });
        });
      }
    });
    builder.assign(cursor, to);
  }
}
