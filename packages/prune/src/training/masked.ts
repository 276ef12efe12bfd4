/** A copy of values, of any shape, with +0 where a mask of as many flags is 0. */
export function masked(values: Float32Array, mask: ArrayLike<number>): Float32Array {
  return values.map((value, index) => (mask[index] === 0 ? 0 : value));
}

/** Writes +0 into values, of any shape, where a mask of as many flags is 0. */
export function maskInPlace(values: Float32Array, mask: ArrayLike<number>): void {
  for (let index = 0; index < values.length; index++) if (mask[index] === 0) values[index] = 0;
}

/** Gradients of which some parameters' are masked; those that were given stay as they are. */
export function maskGradients(
  gradients: ReadonlyMap<string, Float32Array>,
  masks: ReadonlyMap<string, ArrayLike<number>>,
): Map<string, Float32Array> {
  const result = new Map(gradients);
  for (const [name, mask] of masks) {
    const gradient = gradients.get(name);
    if (gradient) result.set(name, masked(gradient, mask));
  }
  return result;
}
