import { add, integer, load, loadSplat, loadStrided, multiplyAdd } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder, Variable } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import type { SpmmProblem } from './spmm-problem.ts';
import type { TileVector } from './tiles.ts';

/** Columns that all groups share: `index` lists their offsets once, `weights` has one weight per row for each. */
export interface SharedWalk {
  readonly kind: 'shared';
  readonly columns: number;
  /** Where in `weights` the group's first column is; moves past its last. */
  readonly weight: Variable;
}

/** Columns of one group: `stream` holds for each its byte offset, then one weight per row. */
export interface StreamWalk {
  readonly kind: 'stream';
  /** Where in `stream` the first column is; moves past the last. */
  readonly cursor: Variable;
  /** Bytes of all columns. */
  readonly bytes: Expression;
}

/** The sums that a walk adds to, `[row][vector of pixels]`, and where their pixels are. */
export interface TilePart {
  readonly sums: readonly (readonly Variable[])[];
  readonly vectors: readonly TileVector[];
  /** Input of the tile's first pixel. */
  readonly source: Expression;
}

/** Bytes of one column in a stream for some rows. */
export const streamColumnBytes = (rows: number): number => 4 * (1 + rows);

/** Adds the products of all columns of a walk to the sums of some rows. The pointer into the list is the loop's variable. */
export function emitColumns(
  builder: KernelBuilder,
  problem: SpmmProblem,
  part: TilePart,
  walk: SharedWalk | StreamWalk,
): void {
  const rows = part.sums.length;
  const emitColumn = (offset: Expression, weight: (row: number) => Expression): void => {
    const address = builder.declare('at', add(part.source, offset));
    const loadPixels = ({ inputOffset, lanes }: TileVector): Expression =>
      builder.declare('x', loadStrided('input', address, inputOffset, problem.inputPixelStep, lanes));
    const loadWeight = (row: number): Expression => builder.declare('w', weight(row));
    const accumulate = (row: number, vector: number, w: Expression, x: Expression): void => {
      const sum = part.sums[row]?.[vector];
      if (sum) builder.assign(sum, multiplyAdd(w, x, sum));
    };
    // The fewer operands are loaded first and stay in registers; the others are loaded one at a time.
    if (rows < part.vectors.length) {
      const weights = part.sums.map((_, row) => loadWeight(row));
      part.vectors.forEach((tileVector, vector) => {
        const x = loadPixels(tileVector);
        weights.forEach((w, row) => {
          accumulate(row, vector, w, x);
        });
      });
    } else {
      const pixels = part.vectors.map(loadPixels);
      part.sums.forEach((_, row) => {
        const w = loadWeight(row);
        pixels.forEach((x, vector) => {
          accumulate(row, vector, w, x);
        });
      });
    }
  };

  if (walk.kind === 'shared') {
    builder.loop('column', { to: walk.columns * 4, step: 4 }, (entry) => {
      emitColumn(load('i32', 'index', entry), (row) => loadSplat('weights', walk.weight, row * 4));
      builder.assign(walk.weight, add(walk.weight, integer(rows * 4)));
    });
    return;
  }
  const end = builder.declare('end', add(walk.cursor, walk.bytes));
  builder.loop('column', { from: walk.cursor, to: end, step: streamColumnBytes(rows) }, (entry) => {
    emitColumn(load('i32', 'stream', entry), (row) => loadSplat('stream', entry, 4 + row * 4));
  });
  builder.assign(walk.cursor, end);
}
