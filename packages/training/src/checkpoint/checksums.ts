import { crc32, GrimError } from '@grim/ir';

/** What checksums (CRC-32, eight hexadecimal digits) are of: a run that went on from a damaged state would end elsewhere. */
export interface Checksums {
  /** The JSON of the state, and names, shapes and places of the tensors. */
  readonly header_crc32: string;
  /** The bytes of the tensors. */
  readonly data_crc32: string;
}

/**
 * Checksums of a checkpoint.
 *
 * @param json - The JSON of the state as text.
 * @param entries - The header without its metadata.
 * @param values - The bytes of the tensors.
 */
export function checksumsOf(
  json: string,
  entries: Readonly<Record<string, unknown>>,
  values: Uint8Array,
): Checksums {
  const header = new TextEncoder().encode(JSON.stringify([json, entries]));
  return { header_crc32: digitsOf(header), data_crc32: digitsOf(values) };
}

/**
 * Refuses a checkpoint whose checksums are not those of what it holds.
 *
 * @throws `GrimError` saying what has changed.
 */
export function checkChecksums(metadata: Readonly<Record<string, unknown>>, expected: Checksums): void {
  if (metadata['header_crc32'] !== expected.header_crc32) {
    throw new GrimError('is damaged: its header is not what was written');
  }
  if (metadata['data_crc32'] !== expected.data_crc32) {
    throw new GrimError('is damaged: its values are not what was written');
  }
}

function digitsOf(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
