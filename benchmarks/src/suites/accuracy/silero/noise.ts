/** A generator of numbers from 0 to 1 (Steele and Vigna's SplitMix, cut to 32 bits). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/**
 * Noise with a root mean square of 1.
 *
 * @param colour - What of a sample goes over into the next: 0 for white noise, near 1 for a rumble.
 */
export function noise(length: number, colour: number, random: () => number): Float32Array {
  // Uniform numbers have a variance of 1/12; a sum that forgets geometrically has 1 / (1 − colour²) of that.
  const scale = Math.sqrt(12 * (1 - colour * colour));
  let held = 0;
  return Float32Array.from({ length }, () => {
    held = colour * held + random() - 0.5;
    return scale * held;
  });
}
