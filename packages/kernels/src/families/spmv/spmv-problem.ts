import type { Activation } from '@grim/ir';

import type { ElementType } from '../../kernel-ir/types.ts';

/** Columns that every group of rows uses, in order and without an index: `runs` pieces of consecutive floats. */
export interface ColumnRuns {
  readonly kind: 'runs';
  readonly runs: number;
  /** Columns of one run. */
  readonly runLength: number;
  /** Bytes from the start of one run to the next, in the input. */
  readonly runStep: number;
}

/** Columns listed per group of rows: the group's number of columns, unless all have as many, then an offset into the input for each. */
export interface ColumnLists {
  readonly kind: 'lists';
  /** Number of groups. */
  readonly groups: number;
  /** Columns of every group, when all have as many: then loops over them have a known length. */
  readonly groupColumns?: number;
  /** Columns of all groups together. */
  readonly listedColumns: number;
  /**
   * Entries of the list are 16 bits wide where byte offsets, or at least element offsets, fit; else 32, as they are where the target
   * loads two of those at once.
   */
  readonly index: 'bytes16' | 'bytes32' | 'elements16';
  /**
   * `consecutive`: group g holds rows g·groupRows …, each row once. `scattered`: every group also lists its rows (with
   * entries of 32 bits, their byte offsets), and rows may occur in several groups.
   */
  readonly rowOrder: 'consecutive' | 'scattered';
}

/**
 * `y[p][row] = activation(addend + Σ weight[row][column] · x[p·inputStep + offset(column)])`.
 *
 * A matrix with few right-hand sides (positions): recurrent and fully connected layers, and convolutions with few
 * outputs per channel, where a column of the matrix is one byte offset into the padded, channels-last input.
 */
export interface SpmvProblem {
  /** Floats in memory, which sums are computed in; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
  readonly rows: number;
  /** Right-hand sides. */
  readonly positions: number;
  /** Bytes between the inputs of two positions. */
  readonly inputStep: number;
  /** Bytes between the outputs of two positions; rows are consecutive floats. */
  readonly outputStep: number;
  readonly columns: ColumnRuns | ColumnLists;
  /**
   * Bytes from the weights of one column to those of the next, where they are interleaved with more rows than these; the weights
   * of a group's own rows by default.
   */
  readonly weightStep?: number;
  /** Floats after the last row of a position that the kernel may overwrite. */
  readonly outputSlack: number;
  /** What sums start from. */
  readonly addend: 'bias' | 'output' | 'zero';
  readonly activation?: Activation;
}

/** How the loops are arranged: `groupRows` rows in vector lanes × `positionTile` positions in registers. */
export interface SpmvSchedule {
  /** Rows computed together; they share one pass over their columns. */
  readonly groupRows: 4 | 8 | 16 | 32;
  /** Positions computed together. */
  readonly positionTile: 1 | 2 | 3 | 4;
  /** Independent sums per result, so that consecutive columns do not wait for each other. */
  readonly accumulatorSets: 1 | 2 | 4;
  /** Columns per turn of the inner loop, a multiple of the accumulator sets that take them by turns. */
  readonly columnUnroll: 1 | 2 | 4 | 8;
  /**
   * Regions of the weights that are read side by side: a group's rows are spread over them. A single stream of weights
   * leaves memory idle when they do not fit a cache. Dense layers, and groups of scattered rows.
   */
  readonly weightStreams: 1 | 2 | 4;
}

/** Columns of a dense layer. */
export const columnCount = (columns: ColumnRuns): number => columns.runs * columns.runLength;
