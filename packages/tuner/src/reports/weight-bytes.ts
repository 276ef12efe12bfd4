import { gzipSync } from 'node:zlib';
import { bcrcCodec, csrByteLength, encodeCsr } from '@grim/bcr';
import type { BcrSpec } from '@grim/ir';

/** What weights take in each form, in bytes. */
export interface WeightBytes {
  /** Dense 32-bit floats. */
  readonly dense: number;
  /** As a `.grim` file stores them: BCRC where they were pruned and it is smaller, else dense. */
  readonly stored: number;
  /** The same after gzip. */
  readonly gzip: number;
  /** CSR with the narrowest indices. */
  readonly csr: number;
}

/**
 * Counts the bytes of a weight matrix.
 *
 * @param values - `rows × columns`, row-major.
 * @param bcr - How it was pruned; `undefined` when it was not.
 */
export function weightBytes(
  values: Float32Array,
  rows: number,
  columns: number,
  bcr: BcrSpec | undefined,
): WeightBytes {
  const dense = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const stored = (bcr && bcrcCodec.encode(values, rows, columns, bcr)) ?? dense;
  return {
    dense: dense.length,
    stored: stored.length,
    gzip: gzipSync(stored, { level: 9 }).length,
    csr: csrByteLength(encodeCsr({ rows, columns, values })),
  };
}

/** Sums of each form. */
export function addWeightBytes(all: readonly WeightBytes[]): WeightBytes {
  const sum = (form: keyof WeightBytes): number => all.reduce((total, bytes) => total + bytes[form], 0);
  return { dense: sum('dense'), stored: sum('stored'), gzip: sum('gzip'), csr: sum('csr') };
}
