/** Steps of a 16-bit sample from 0 to full scale. */
const scale = 32768;

/**
 * Samples as a 16-bit recording would hold them: rounded, with triangular dither of one step (Lipshitz, Wannamaker and
 * Vanderkooy, "Quantization and Dither", 1992), the same on every call.
 *
 * @param samples - One channel, −1 to 1.
 * @returns A new array.
 */
export function sixteenBit(samples: Float32Array): Float32Array {
  let seed = 1;
  const random = (): number => {
    // Numerical Recipes' linear congruential generator.
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  return samples.map((sample) => Math.round(sample * scale + random() - random()) / scale);
}
