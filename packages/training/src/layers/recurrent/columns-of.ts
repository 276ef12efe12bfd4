import type { JaxArray } from '../../jax/load-jax.ts';

/** Columns `from` to `to`, excluded, of [N,…]; uses it up. */
export function columnsOf(array: JaxArray, from: number, to: number): JaxArray {
  return array.slice([], [from, to]);
}
