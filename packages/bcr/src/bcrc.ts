/**
 * A block-based column-row sparse matrix in compact storage (paper, section IV: BCRC).
 *
 * Rows are stored in the order `reorder`. Stored row i holds the weights from `rowOffset[i]` to `rowOffset[i + 1]`,
 * one for each column of its run's list, in ascending columns. A run is a range of stored rows, from `occurrence[k]` to
 * `occurrence[k + 1]`, that share one column list.
 *
 * - In the **shared** form run k's list is `compactColumn` from `columnStride[k]` to `columnStride[k + 1]`.
 * - In the **chained** form a run's list is several shorter lists one after the other: `chain.lists` from
 *   `chain.offset[k]` to `chain.offset[k + 1]` are their numbers, and list number l is `compactColumn` from
 *   `columnStride[l]` to `columnStride[l + 1]`. When rows are pruned block by block, whole-width lists are seldom
 *   shared but the column list of a block is, by every row that the block keeps.
 */
export interface Bcrc {
  /** Rows of the matrix. */
  readonly rows: number;
  /** Columns of the matrix. */
  readonly columns: number;
  /** A permutation of the rows: `reorder[i]` is the row of the matrix stored at position i. */
  readonly reorder: Uint32Array;
  /** Where each stored row's weights start, then their number: `rows + 1` values. */
  readonly rowOffset: Uint32Array;
  /** First stored row of each run, then the number of rows: `runs + 1` values. */
  readonly occurrence: Uint32Array;
  /** Where each column list starts, then the length of `compactColumn`: `lists + 1` values. */
  readonly columnStride: Uint32Array;
  /** The column lists, each stored once. */
  readonly compactColumn: Uint32Array;
  /** Kept weights, stored row by stored row. */
  readonly weights: Float32Array;
  /** Which lists make up the list of each run; absent in the shared form. */
  readonly chain?: BcrcChain;
}

/** The lists of each run in the chained form. */
export interface BcrcChain {
  /** Where each run's lists start, then their number: `runs + 1` values. */
  readonly offset: Uint32Array;
  /** Numbers of lists, in ascending columns within a run. */
  readonly lists: Uint32Array;
}

/** Which of its two forms a {@link Bcrc} has. */
export type BcrcForm = 'shared' | 'chained';

/** The form of a BCRC matrix. */
export function bcrcForm(bcrc: Bcrc): BcrcForm {
  return bcrc.chain ? 'chained' : 'shared';
}

/**
 * The columns that the rows of a run use, ascending.
 *
 * @param bcrc - The matrix.
 * @param run - Number of the run, from 0 to `occurrence.length − 2`.
 */
export function columnsOfRun(bcrc: Bcrc, run: number): Uint32Array {
  const { chain, columnStride, compactColumn } = bcrc;
  const list = (index: number): Uint32Array =>
    compactColumn.subarray(columnStride[index] ?? 0, columnStride[index + 1] ?? 0);
  if (!chain) return list(run);
  const numbers = chain.lists.subarray(chain.offset[run] ?? 0, chain.offset[run + 1] ?? 0);
  return Uint32Array.from([...numbers].flatMap((number) => [...list(number)]));
}
