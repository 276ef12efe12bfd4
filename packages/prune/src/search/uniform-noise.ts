/**
 * Reproducible numbers, uniform in −1 to 1 (xorshift32; Marsaglia, 2003).
 *
 * @param seed - Any integer.
 */
export function uniformNoise(seed: number): () => number {
  // The generator stays at 0 for ever; multiplying spreads neighbouring seeds.
  let state = Math.imul(seed, 0x9e3779b1) ^ 0x5bf03635 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}
