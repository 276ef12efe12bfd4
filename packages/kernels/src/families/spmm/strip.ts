import type { Variable } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';

/** Rows of the matrix whose columns are sorted by the subset of rows that use them. */
export interface Strip {
  /** Position of the first row in the order of computation. */
  readonly firstRow: Expression;
  readonly rows: number;
  /** Bit masks over the rows. */
  readonly subsets: readonly number[];
  /** Where in `stream` the strip is. */
  readonly start: Expression;
  /** Ends up behind the strip. */
  readonly cursor: Variable;
}

/** Positions of the rows of a subset in a strip of so many rows. */
export function rowsOfSubset(subset: number, rows: number): number[] {
  return Array.from({ length: rows }, (_, row) => row).filter((row) => (subset >> row) & 1);
}
