/**
 * CRC-32 (IEEE 802.3, reflected polynomial 0xEDB88320), the checksum of gzip and PNG.
 *
 * Chosen over a wider hash because its purpose is damage in storage and transport, which it detects for certain
 * up to 32 bits in a row, because every other language has it built in, and because it needs no 64-bit
 * arithmetic, which is slow in JavaScript. It is no protection against forgery, and no checksum stored beside the
 * data would be; readers bound every field for that reason.
 *
 * Eight bytes per step ("slicing by eight"): table k holds the remainder of a byte followed by k zero bytes.
 */
const tables = buildTables();

function buildTables(): Int32Array {
  const built = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
    built[byte] = remainder;
  }
  for (let entry = 256; entry < built.length; entry++) {
    const shorter = built[entry - 256] ?? 0;
    built[entry] = (shorter >>> 8) ^ (built[shorter & 255] ?? 0);
  }
  return built;
}

function updateBytes(
  table: Int32Array,
  state: number,
  bytes: Uint8Array,
  begin: number,
  end: number,
): number {
  let crc = state;
  for (let at = begin; at < end; at++)
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] as number)) & 255] as number);
  return crc;
}

function updateWords(
  table: Int32Array,
  state: number,
  words: Int32Array,
  begin: number,
  end: number,
): number {
  let crc = state;
  for (let at = begin; at < end; at += 2) {
    const low = crc ^ (words[at] as number);
    const high = words[at + 1] as number;
    crc =
      (table[1792 + (low & 255)] as number) ^
      (table[1536 + ((low >>> 8) & 255)] as number) ^
      (table[1280 + ((low >>> 16) & 255)] as number) ^
      (table[1024 + (low >>> 24)] as number) ^
      (table[768 + (high & 255)] as number) ^
      (table[512 + ((high >>> 8) & 255)] as number) ^
      (table[256 + ((high >>> 16) & 255)] as number) ^
      (table[high >>> 24] as number);
  }
  return crc;
}

/** Pairs of words per call: a function that is called often is compiled sooner than one long loop. */
const block = 2048;

/** CRC-32 of `bytes`, from 0 to 2³² − 1. About 0.8 ms per megabyte. */
export function crc32(bytes: Uint8Array): number {
  // Words must be aligned in the buffer that holds them, so up to three bytes go ahead one at a time.
  const head = Math.min(bytes.length, (4 - (bytes.byteOffset & 3)) & 3);
  const pairs = (bytes.length - head) >>> 3;
  let crc = updateBytes(tables, -1, bytes, 0, head);
  if (pairs > 0) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, pairs * 2);
    for (let at = 0; at < words.length; at += block) {
      crc = updateWords(tables, crc, words, at, Math.min(at + block, words.length));
    }
  }
  crc = updateBytes(tables, crc, bytes, head + pairs * 8, bytes.length);
  return ~crc >>> 0;
}
