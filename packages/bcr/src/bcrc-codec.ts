import { decodeBcrcBytes, bcrcByteLength, encodeBcrcBytes } from './bytes/bcrc-bytes.ts';
import { decodeBcrc } from './decode-bcrc.ts';
import { encodeBcrc } from './encode-bcrc.ts';

/**
 * BCRC as a codec of the `.grim` container, which knows it by the name `bcrc/1` only.
 *
 * Round trips keep every value bit for bit (the payload of a NaN aside), except that −0 outside the kept cells comes
 * back as +0, which no product can tell apart.
 */
export const bcrcCodec = {
  /** Name of the format and its version. */
  id: 'bcrc/1',

  /**
   * Encodes a pruned matrix.
   *
   * @param values - `rows × columns` weights, row-major.
   * @param rows - Rows of the matrix.
   * @param columns - Columns of the matrix.
   * @param spec - The blocks it was pruned in; the rate is not needed, the zeros say it.
   * @returns The bytes, or `undefined` when dense 32-bit weights take no more.
   * @throws RangeError when the values do not fill the shape or a block extent is not positive.
   */
  encode(
    values: Float32Array,
    rows: number,
    columns: number,
    spec: { readonly blockRows: number; readonly blockColumns: number; readonly rate: number },
  ): Uint8Array | undefined {
    const bcrc = encodeBcrc({ rows, columns, values }, spec);
    return bcrcByteLength(bcrc) < values.byteLength ? encodeBcrcBytes(bcrc) : undefined;
  },

  /**
   * Decodes what `encode` returned. Bytes from anywhere are safe to pass.
   *
   * @param bytes - The encoded matrix.
   * @param rows - Rows it must have.
   * @param columns - Columns it must have.
   * @returns `rows × columns` weights, row-major.
   * @throws RangeError when the bytes are no BCRC matrix of this shape.
   */
  decode(bytes: Uint8Array, rows: number, columns: number): Float32Array {
    return decodeBcrc(decodeBcrcBytes(bytes, { rows, columns })).values;
  },
} as const;
