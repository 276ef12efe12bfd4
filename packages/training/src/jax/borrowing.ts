import type { Jax, JaxArray } from './load-jax.ts';

/**
 * Compiles a function once per shape, so that it borrows its arguments: they stay usable, and what it returns is new.
 *
 * @param jax - The library.
 * @param compute - The function; inside it an array is used up by its last use, as everywhere in jax-js.
 */
export function borrowing<Inputs extends readonly JaxArray[], Outputs extends readonly JaxArray[]>(
  jax: Jax,
  compute: (...inputs: Inputs) => Outputs,
): (...inputs: Inputs) => Outputs {
  const compiled = jax.jit(compute as unknown as (...inputs: JaxArray[]) => JaxArray[]);
  return (...inputs) => compiled(...inputs.map((input) => input.ref)) as unknown as Outputs;
}
