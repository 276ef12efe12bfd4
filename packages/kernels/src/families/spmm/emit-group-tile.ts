import { add, float, integer, loadSplat, multiply } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { emitActivation } from '../../math/activation.ts';
import { emitSharedColumns, type SharedWalk } from './emit-columns.ts';
import type { SpmmProblem } from './spmm-problem.ts';
import { storePixels, type Tile } from './tiles.ts';

/** A tile of a group: sums stay in registers from bias to activation. */
export function emitGroupTile(
  builder: KernelBuilder,
  problem: SpmmProblem,
  group: { firstRow: Expression; rows: number; walk: SharedWalk },
  tile: Tile,
): void {
  const sums = Array.from({ length: group.rows }, (_, row) => {
    const channel = builder.declare('channel', add(group.firstRow, integer(row)));
    const start = problem.bias
      ? builder.declare('b', loadSplat('bias', multiply(channel, integer(4))))
      : float(0);
    return tile.vectors.map((_, vector) => builder.variable(`sum${String(row)}v${String(vector)}`, start));
  });
  emitSharedColumns(builder, problem, { sums, vectors: tile.vectors, source: tile.source }, group.walk);
  sums.forEach((perVector, row) => {
    const channel = add(group.firstRow, integer(row));
    const target = builder.declare(
      'target',
      add(tile.target, multiply(channel, integer(problem.outputChannelStep))),
    );
    perVector.forEach((sum, index) => {
      const vector = tile.vectors[index];
      if (vector) storePixels(builder, vector, target, emitActivation(builder, problem.activation, sum));
    });
  });
}
