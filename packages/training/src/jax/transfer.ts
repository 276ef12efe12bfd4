import { elementCount, formatShape, GrimError, type Shape } from '@grim/ir';
import type { Jax, JaxArray } from './load-jax.ts';

/**
 * A copy of values, row-major, as an array of jax-js.
 *
 * @throws `GrimError` when there are not as many as the shape says: jax-js would read the memory behind them.
 */
export function upload(jax: Jax, data: Float32Array, shape: Shape): JaxArray {
  if (data.length !== elementCount(shape)) {
    throw new GrimError(
      `a tensor of shape ${formatShape(shape)} needs ${elementCount(shape)} value(s), got ${data.length}`,
    );
  }
  return jax.numpy.array(data, { shape: [...shape], dtype: jax.numpy.float32 });
}

/** The values of an array, row-major; uses it up. */
export async function download(array: JaxArray): Promise<Float32Array> {
  const data: unknown = await array.data();
  if (!(data instanceof Float32Array)) throw new TypeError(`expected 32-bit floats, got ${array.dtype}`);
  return data;
}
