/** Index of the first NaN or infinity in `samples`, or −1. */
export function indexOfNonFinite(samples: Float32Array): number {
  for (let index = 0; index < samples.length; index++) {
    if (!Number.isFinite(samples[index])) return index;
  }
  return -1;
}
