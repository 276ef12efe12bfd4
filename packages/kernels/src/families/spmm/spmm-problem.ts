import type { Activation } from '@grim/ir';

import type { ElementType } from '../../kernel-ir/types.ts';

/** Every group of rows uses all columns: one list of byte offsets serves them all. */
export interface AllColumns {
  readonly kind: 'all';
  readonly columns: number;
}

/**
 * Strips of `groupRows` rows whose columns are sorted by the subset of the strip's rows that use them, so that rows pruned
 * inside a block need no padding. The stream holds for each panel of channels (all of them when inputs are read in place) and
 * strip the byte offset of each of its rows in the output, then for each row subset: the bytes of its columns, those of whole
 * turns of the inner loop if a turn has several, and for each column its byte offset in the input or in the panel and one weight
 * per row of the subset, the weights of a turn in whole words of four bytes.
 */
export interface StripColumns {
  readonly kind: 'strips';
  /** Row subsets that occur, as bit masks over the rows of a strip (bit r is row r), in the order of the stream. */
  readonly subsets: readonly number[];
}

/** What one pixel of the output depends on: of each channel a few rows of a few pixels. */
export interface InputWindow {
  readonly channels: number;
  /** Bytes between two channels, rows and neighbouring pixels of the input. */
  readonly channelStep: number;
  readonly rowStep: number;
  readonly pixelStep: number;
  /** Rows from the first tap to the last. */
  readonly height: number;
  /** Pixels from the first tap to the last. */
  readonly width: number;
}

/**
 * Convolution as a sparse matrix times the padded image, without im2col: a column of the matrix (input channel ×
 * kernel position) is one byte offset into the channels-first input with a halo, so that a vector of neighbouring outputs
 * is one vector load and a multiply-add (paper, section IV).
 *
 * `y[row][oy][ox] = activation(bias[row] + Σ_column w[row][column] · x[oy·inputRowStep + ox·inputPixelStep + offset(column)])`.
 */
export interface SpmmProblem {
  /** Floats in memory, which sums are computed in; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
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
  readonly window: InputWindow;
  readonly columns: AllColumns | StripColumns;
  readonly bias: boolean;
  readonly activation?: Activation;
}

/** `groupRows` rows of the matrix × a tile of pixels at a time, over blocks of `blockHeight` rows of pixels. */
export interface SpmmSchedule {
  readonly groupRows: 1 | 2 | 4 | 8;
  /** Vectors of pixels along a row of a tile. */
  readonly pixelVectors: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
  /** Rows of pixels of a tile. */
  readonly tileRows: 1 | 2 | 4;
  /** Rows of pixels that the order of the loops within a block applies to. */
  readonly blockHeight: number;
  /**
   * Which loop is outside within a block. `rows`: one group of weights after the other, each applied to all tiles of the block,
   * so that weights stay in the first cache. `tiles`: one tile after the other, so that inputs do.
   */
  readonly loopOrder: 'rows' | 'tiles';
  /**
   * Channels whose inputs are copied into a panel that fits the first cache, where all rows of the matrix find them: a list of
   * columns reads a cache line here and a cache line there, which is slow from an image that is large. A block then is as wide as
   * a tile, and sums are in scratch. 0 is to read the image in place.
   */
  readonly panelChannels: number;
  /**
   * Where the sums of a strip's tile are while one row subset after the other adds to them. In `registers`: then a tile is no larger
   * than they are, and a subset of one row uses few of them. In `scratch` memory: then each subset has tiles that suit it, and
   * loads and stores its sums around them. Dense layers have one subset and keep them in registers.
   */
  readonly sums: 'registers' | 'scratch';
  /** Columns per turn of the inner loop; sums in scratch take them one at a time. */
  readonly columnUnroll: 1 | 2 | 4;
  /**
   * What becomes of columns that only some rows of a strip use: `subsets` have inner loops of their own, with `padding` zeros are
   * stored for the other rows.
   */
  readonly rowPruning: 'subsets' | 'padding';
}
