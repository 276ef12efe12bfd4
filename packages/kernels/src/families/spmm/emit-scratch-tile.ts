import { add, float, integer, load, loadSplat, multiply } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import { emitActivation } from '../../math/activation.ts';
import { emitSubsetColumns } from './emit-columns.ts';
import type { SpmmProblem } from './spmm-problem.ts';
import { rowsOfSubset, type Strip } from './strip.ts';
import { storePixels, type Tile } from './tiles.ts';

/**
 * Most sums of a row subset in registers; wider tiles are summed in passes. With operands, 9 sums fill the registers of
 * x86-64 as V8 assigns them: 12 were measured to spill.
 */
const SUBSET_SUMS = 9;

/** A tile of a strip: its sums wait in a small scratch tile while one subset of rows after the other adds to them. */
export function emitScratchTile(
  builder: KernelBuilder,
  problem: SpmmProblem,
  strip: Strip,
  tile: Tile,
): void {
  const { cursor, rows } = strip;
  const vectors = tile.vectors.length;
  const rowBytes = vectors * 16;
  const zero = integer(0);
  for (let row = 0; row < rows; row++) {
    const biasByte = multiply(add(strip.firstRow, integer(row)), integer(4));
    const start = problem.bias ? builder.declare('b', loadSplat('bias', biasByte)) : float(0);
    for (let vector = 0; vector < vectors; vector++) {
      builder.store('scratch', zero, row * rowBytes + vector * 16, start);
    }
  }
  builder.assign(cursor, add(strip.start, integer(4 * rows)));
  for (const subset of strip.subsets) {
    const members = rowsOfSubset(subset, rows);
    if (members.length === 0) continue;
    builder.comment(`columns of row(s) ${members.join(', ')}`);
    const blocks = builder.declare('blocks', load('i32', 'stream', cursor));
    builder.assign(cursor, add(cursor, integer(4)));
    const passes = Math.ceil(vectors / Math.floor(SUBSET_SUMS / members.length));
    const width = Math.ceil(vectors / passes);
    builder.loop('block', { to: blocks }, () => {
      const from = builder.declare('from', add(cursor, integer(4)));
      const to = builder.declare('to', add(from, load('i32', 'stream', cursor)));
      for (let first = 0; first < vectors; first += width) {
        const place = (member: number, vector: number): number =>
          (members[member] ?? 0) * rowBytes + (first + vector) * 16;
        const sums = members.map((_, member) =>
          Array.from({ length: Math.min(width, vectors - first) }, (_, vector) =>
            builder.variable('sum', load('f32x4', 'scratch', zero, place(member, vector))),
          ),
        );
        const part = { sums, vectors: tile.vectors.slice(first, first + width), source: tile.source };
        emitSubsetColumns(builder, problem, part, { from, to, unroll: 1 });
        sums.forEach((perVector, member) => {
          perVector.forEach((sum, vector) => {
            builder.store('scratch', zero, place(member, vector), sum);
          });
        });
      }
      builder.assign(cursor, to);
    });
  }
  for (let row = 0; row < rows; row++) {
    const target = builder.declare('target', add(tile.target, load('i32', 'stream', strip.start, 4 * row)));
    tile.vectors.forEach((vector, index) => {
      const sum = load('f32x4', 'scratch', zero, row * rowBytes + index * 16);
      storePixels(builder, vector, target, emitActivation(builder, problem.activation, sum));
    });
  }
}
