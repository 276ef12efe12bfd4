import type { Bcrc } from '../bcrc.ts';
import { format, readHead, type ExpectedShape } from './bcrc-head.ts';
import { blockedByteLength, readBlocked, writeBlocked } from './blocked-bytes.ts';
import { byteReader, byteWriter } from './byte-cursor.ts';
import { readRowRuns, rowRunByteLength, writeRowRuns } from './row-run-bytes.ts';

/*
 * The byte layout, version 1; numbers are little-endian.
 *
 *   0  'BCRC'
 *   4  u8 version = 1 · u8 form (0 shared, 1 chained, 2 blocked) · u8 width of indices (2, 4; blocked 0) ·
 *      u8 order (0 natural, 1 stored; blocked 0)
 *   8  u32 rows · u32 columns
 *  16  what the form says: see row-run-bytes.ts and blocked-bytes.ts
 */

/** Length of a BCRC matrix in bytes as {@link encodeBcrcBytes} writes it. */
export function bcrcByteLength(bcrc: Bcrc): number {
  return bcrc.form === 'blocked' ? blockedByteLength(bcrc) : rowRunByteLength(bcrc);
}

/**
 * Writes a BCRC matrix as bytes. Indices of the shared and the chained form take 2 bytes when no row, column or list number
 * is beyond 65,535, else 4; those of the blocked form are bits.
 *
 * @param bcrc - From {@link encodeBcrc}.
 */
export function encodeBcrcBytes(bcrc: Bcrc): Uint8Array {
  const writer = byteWriter(bcrcByteLength(bcrc));
  if (bcrc.form === 'blocked') writeBlocked(writer, bcrc);
  else writeRowRuns(writer, bcrc);
  return writer.bytes;
}

/**
 * Reads what {@link encodeBcrcBytes} wrote. Bytes from anywhere are safe to pass: every length is checked against the
 * bytes that are there before memory is taken, and what is returned satisfies all that {@link Bcrc} promises. Only
 * the natural order of rows takes memory that no bytes stand for: 12 bytes a row, and no more than 2^24 rows.
 *
 * @param bytes - The whole matrix and nothing after it.
 * @param expected - Refuses bytes of a matrix of another shape.
 * @throws RangeError when the bytes are no BCRC matrix, are truncated or contradict themselves.
 */
export function decodeBcrcBytes(bytes: Uint8Array, expected?: ExpectedShape): Bcrc {
  const reader = byteReader(bytes, format);
  const head = readHead(reader, expected);
  return head.form === 'blocked'
    ? readBlocked(reader, head)
    : readRowRuns(reader, { ...head, form: head.form });
}
