import type { BcrcForm } from './bcrc.ts';
import type { BlockGrid } from './block-grid.ts';
import { bcrcByteLength } from './bytes/bcrc-bytes.ts';
import { csrByteLength, encodeCsr } from './csr.ts';
import { encodeBcrc } from './encode-bcrc.ts';
import { countNonZeros, type Matrix } from './matrix.ts';

/** Bytes of one stored matrix. */
export interface StoredBytes {
  /** 32-bit weights. */
  readonly weights: number;
  /** Everything else: indices, header, alignment. */
  readonly indices: number;
  /** Length of the whole, as it would be written. */
  readonly total: number;
}

/** What a matrix takes in each format. */
export interface ByteAccount {
  /** Dense 32-bit weights. */
  readonly dense: number;
  /** The smallest BCRC form, and which one that is. */
  readonly bcrc: StoredBytes & { readonly form: BcrcForm };
  /** CSR with indices of the same width. */
  readonly csr: StoredBytes;
  /** Weights that are not zero; each format gives exactly these back. */
  readonly nonZeros: number;
}

/**
 * Counts the bytes of a matrix stored dense, as BCRC and as CSR.
 *
 * @param matrix - Weights, `rows × columns`, zero where they were pruned.
 * @param grid - The blocks the matrix was pruned in; clipped to the matrix.
 * @throws RangeError when the values do not fill the shape or an extent is not positive.
 */
export function accountBytes(matrix: Matrix, grid: BlockGrid): ByteAccount {
  const bcrc = encodeBcrc(matrix, grid);
  const csr = encodeCsr(matrix);
  return {
    dense: matrix.values.byteLength,
    bcrc: { ...stored(bcrc.weights, bcrcByteLength(bcrc)), form: bcrc.form },
    csr: stored(csr.values, csrByteLength(csr)),
    nonZeros: countNonZeros(matrix.values),
  };
}

function stored(weights: Float32Array, total: number): StoredBytes {
  return { weights: weights.byteLength, indices: total - weights.byteLength, total };
}
