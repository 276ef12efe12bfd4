/**
 * A block-based column-row sparse matrix in compact storage (paper, section IV: BCRC), in one of three forms.
 *
 * - **shared**: rows with one column list over the whole width are neighbours, and the list is stored once.
 * - **chained**: the same, and a list is made of shorter ones that several rows share.
 * - **blocked**: every block for itself, its rows and its columns. When rows are pruned block by block, few rows agree over
 *   the whole width; then this form is the small one.
 *
 * In all of them the kept cells fall into rectangles, which `rectanglesOf` walks.
 */
export type Bcrc = SharedBcrc | ChainedBcrc | BlockedBcrc;

/** The forms of a {@link Bcrc}. */
export type BcrcForm = Bcrc['form'];

/** What all forms have. */
export interface StoredMatrix {
  /** Rows of the matrix. */
  readonly rows: number;
  /** Columns of the matrix. */
  readonly columns: number;
  /** Kept weights, rectangle by rectangle, row by row. */
  readonly weights: Float32Array;
}

/**
 * Rows in runs that share a column list.
 *
 * Rows are stored in the order `reorder`. Stored row i holds the weights from `rowOffset[i]` to `rowOffset[i + 1]`,
 * one for each column of its run's list, in ascending columns. A run is a range of stored rows, from `occurrence[k]` to
 * `occurrence[k + 1]`, that share one column list.
 */
export interface RowRuns extends StoredMatrix {
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
}

/** Run k's list is `compactColumn` from `columnStride[k]` to `columnStride[k + 1]`. */
export interface SharedBcrc extends RowRuns {
  readonly form: 'shared';
}

/** A run's list is several shorter lists one after the other. */
export interface ChainedBcrc extends RowRuns {
  readonly form: 'chained';
  /** Which lists make up the list of each run. */
  readonly chain: BcrcChain;
}

/** The lists of each run in the chained form. */
export interface BcrcChain {
  /** Where each run's lists start, then their number: `runs + 1` values. */
  readonly offset: Uint32Array;
  /** Numbers of lists, in ascending columns within a run. */
  readonly lists: Uint32Array;
}

/**
 * Blocks one after the other, from left to right and then from top to bottom; block k keeps the cells where its rows meet
 * its columns. A block keeps both rows and columns, or neither.
 */
export interface BlockedBcrc extends StoredMatrix {
  readonly form: 'blocked';
  /** Rows of one block, no more than the matrix has. */
  readonly blockRows: number;
  /** Columns of one block, no more than the matrix has. */
  readonly blockColumns: number;
  /** Where each block's rows start, then the length of `compactRow`: `blocks + 1` values. */
  readonly rowStride: Uint32Array;
  /** Kept rows of the matrix, ascending in each block. */
  readonly compactRow: Uint32Array;
  /** Where each block's columns start, then the length of `compactColumn`: `blocks + 1` values. */
  readonly columnStride: Uint32Array;
  /** Kept columns of the matrix, ascending in each block. */
  readonly compactColumn: Uint32Array;
}
