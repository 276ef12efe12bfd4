import { encodeCsr, type Matrix } from '@grim/bcr';

import type { CsrSpmvProblem } from '../families/csr-spmv.ts';

/** A matrix packed for the `csrSpmv` family. */
export interface PackedCsrSpmv {
  readonly problem: CsrSpmvProblem;
  readonly values: Float32Array;
  /** Byte offset of the column of every entry in the input. */
  readonly columns: Uint16Array | Int32Array;
  /** `rows + 1` byte offsets into `values`. */
  readonly rowStarts: Int32Array;
}

/**
 * Packs the non-zeros of a matrix, with 16-bit offsets where all of them fit.
 *
 * @param matrix - Weights, `rows × columns`.
 */
export function packCsrSpmv(matrix: Matrix): PackedCsrSpmv {
  const { rowOffset, column, values } = encodeCsr(matrix);
  const index = (matrix.columns - 1) * 4 <= 0xffff ? 'bytes16' : 'bytes32';
  const offsets = column.map((entry) => entry * 4);
  return {
    problem: { rows: matrix.rows, index },
    values,
    columns: index === 'bytes16' ? Uint16Array.from(offsets) : Int32Array.from(offsets),
    rowStarts: Int32Array.from(rowOffset, (entry) => entry * 4),
  };
}
