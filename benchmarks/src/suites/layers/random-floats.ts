/**
 * Random numbers that are the same in every run (xorshift).
 *
 * @param seed - A whole number but 0.
 * @returns A source of values from −1 to 1, none of them so close to 0 that a product with it is denormal.
 */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    const value = state / 2 ** 31 - 1;
    return value < 0 ? value * 0.99 - 0.01 : value * 0.99 + 0.01;
  };
}

/** `length` values of {@link randomSource}. */
export function randomFloats(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, randomSource(seed));
}
