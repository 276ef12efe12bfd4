import { elementCount, type Shape } from '@grim/ir';
import type { Jax, JaxArray } from './load-jax.ts';

/** A copy of values, row-major, as an array of jax-js. */
export function upload(jax: Jax, data: Float32Array, shape: Shape): JaxArray {
  // A single value would become a literal of the compiled function, and each value would be compiled anew.
  return jax.numpy.array(data, { shape: [...shape], dtype: jax.numpy.float32 });
}

/** The values of an array, row-major; uses it up. */
export async function download(array: JaxArray): Promise<Float32Array> {
  const data: unknown = await array.data();
  if (!(data instanceof Float32Array)) throw new TypeError(`expected 32-bit floats, got ${array.dtype}`);
  return data;
}

/** Downloads arrays of one shape into one block, one behind the other; uses them up. */
export async function downloadStacked(arrays: readonly JaxArray[], shape: Shape): Promise<Float32Array> {
  const extent = elementCount(shape);
  const stacked = new Float32Array(arrays.length * extent);
  for (const [index, array] of arrays.entries()) stacked.set(await download(array), index * extent);
  return stacked;
}
