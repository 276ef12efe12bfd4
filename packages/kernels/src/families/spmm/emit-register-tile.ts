import { add, integer, multiply } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { emitActivation } from '../../math/activation.ts';
import { constantOf, floatsOf, splatElement } from '../floats.ts';
import type { TilePart } from './emit-columns.ts';
import type { SpmmProblem } from './spmm-problem.ts';
import { storePixels, type Tile } from './tiles.ts';

/** Rows of the matrix that are computed together. */
export interface RowGroup {
  /** Position of the first row in the order of computation. */
  readonly firstRow: Expression;
  readonly rows: number;
  /** Byte offset of the channel of a row in the output. */
  readonly output: (row: number) => Expression;
  /** Adds the products of all columns. */
  readonly emitColumns: (part: TilePart) => void;
}

/** A tile whose sums stay in registers from bias to activation. */
export function emitRegisterTile(
  builder: KernelBuilder,
  problem: SpmmProblem,
  group: RowGroup,
  tile: Tile,
): void {
  const floats = floatsOf(problem.element);
  const sums = Array.from({ length: group.rows }, (_, row) => {
    const channel = builder.declare('channel', add(group.firstRow, integer(row)));
    const start = problem.bias
      ? builder.declare('b', splatElement(floats, 'bias', multiply(channel, integer(floats.bytes))))
      : constantOf(floats, 0);
    return tile.vectors.map((_, vector) => builder.variable(`sum${String(row)}v${String(vector)}`, start));
  });
  group.emitColumns({ ...tile, sums });
  sums.forEach((perVector, row) => {
    const target = builder.declare('target', add(tile.target, group.output(row)));
    perVector.forEach((sum, index) => {
      const vector = tile.vectors[index];
      const result = emitActivation(builder, problem.activation, sum);
      if (vector) storePixels(builder, floats, vector, target, result);
    });
  });
}
