/** Running sum of lengths with a leading 0: `lengths.length + 1` offsets. */
export function offsetsOf(lengths: Iterable<number>): Uint32Array {
  const offsets = [0];
  let sum = 0;
  for (const length of lengths) offsets.push((sum += length));
  return Uint32Array.from(offsets);
}

/** Differences of neighbouring offsets, the inverse of {@link offsetsOf}. */
export function lengthsOf(offsets: Uint32Array): Uint32Array {
  const lengths = new Uint32Array(offsets.length - 1);
  for (let index = 0; index < lengths.length; index++) {
    lengths[index] = (offsets[index + 1] ?? 0) - (offsets[index] ?? 0);
  }
  return lengths;
}
