/**
 * Byte planes: byte 0 of every 4-byte word, then byte 1 of every word, and so on.
 *
 * The sign and exponent bytes of trained weights take few values while their low mantissa bytes are noise. Standing
 * apart, the former compress well under gzip; interleaved, they hardly do. On the weights of a 2.2 MB speech model
 * gzip leaves 10 % less, and 12 % less of those that pruning keeps.
 */

/** Words per call: a function that is called often is compiled sooner than one long loop. */
const block = 4096;

function join(planes: Uint8Array, words: Uint32Array, begin: number, end: number): void {
  const count = words.length;
  for (let at = begin; at < end; at++) {
    words[at] =
      (planes[at] as number) |
      ((planes[count + at] as number) << 8) |
      ((planes[2 * count + at] as number) << 16) |
      ((planes[3 * count + at] as number) << 24);
  }
}

/** `bytes` as planes: the same length, trailing bytes that fill no word stay at the end. */
export function toBytePlanes(bytes: Uint8Array): Uint8Array {
  const count = bytes.length >>> 2;
  const planes = new Uint8Array(bytes);
  for (let at = 0; at < count; at++) {
    for (let plane = 0; plane < 4; plane++) planes[plane * count + at] = bytes[4 * at + plane] as number;
  }
  return planes;
}

/** The inverse of {@link toBytePlanes}. */
export function fromBytePlanes(planes: Uint8Array): Uint8Array {
  const count = planes.length >>> 2;
  const bytes = new Uint8Array(planes.length);
  const words = new Uint32Array(bytes.buffer, 0, count);
  for (let at = 0; at < count; at += block) join(planes, words, at, Math.min(at + block, count));
  bytes.set(planes.subarray(4 * count), 4 * count);
  return bytes;
}
