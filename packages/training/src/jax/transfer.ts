import type { Shape } from '@grim/ir';
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
