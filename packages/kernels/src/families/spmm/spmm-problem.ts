import type { Activation } from '@grim/ir';

/** Every group of rows uses all columns: one list of byte offsets serves them all. */
export interface AllColumns {
  readonly kind: 'all';
  readonly columns: number;
}

/**
 * Consecutive groups of rows, each with columns of its own. Per group the stream holds the bytes of its columns, then for each
 * column its byte offset in the input and one weight per row.
 */
export interface GroupColumns {
  readonly kind: 'groups';
}

/**
 * Strips of `groupRows` rows whose columns are sorted by the subset of the strip's rows that use them, so that rows pruned
 * inside a block need no padding. Per strip the stream holds the byte offset of each of its rows in the output, then for each
 * of `subsets` the bytes of its columns, then for each column its byte offset in the input and one weight per row of the
 * subset.
 */
export interface StripColumns {
  readonly kind: 'strips';
  /** Row subsets that occur, as bit masks over the rows of a strip (bit r is row r), in the order of the stream. */
  readonly subsets: readonly number[];
}

/**
 * Convolution as a sparse matrix times the padded image, without im2col: a column of the matrix (input channel ×
 * kernel position) is one byte offset into the channels-first input with a halo, so that four neighbouring outputs
 * are one vector load and a multiply-add (paper, section IV).
 *
 * `y[row][oy][ox] = activation(bias[row] + Σ_column w[row][column] · x[oy·inputRowStep + ox·inputPixelStep + offset(column)])`.
 */
export interface SpmmProblem {
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  /** Bytes between the inputs of two output rows of pixels. */
  readonly inputRowStep: number;
  /** Bytes between the inputs of two neighbouring output pixels. */
  readonly inputPixelStep: number;
  /** Bytes between two rows of pixels in the output. */
  readonly outputRowStep: number;
  /** Bytes between two output channels. */
  readonly outputChannelStep: number;
  readonly columns: AllColumns | GroupColumns | StripColumns;
  readonly bias: boolean;
  readonly activation?: Activation;
}

/** `groupRows` rows of the matrix × a tile of pixels at a time, over blocks of `blockHeight` rows of pixels. */
export interface SpmmSchedule {
  readonly groupRows: 1 | 2 | 4 | 8;
  /** Vectors of four pixels along a row of a tile. */
  readonly pixelVectors: 1 | 2 | 3 | 4;
  /** Rows of pixels of a tile. */
  readonly tileRows: 1 | 2 | 4;
  /** Rows of pixels that one group of weights is applied to before the next group: weights stay in the first cache. */
  readonly blockHeight: number;
}
