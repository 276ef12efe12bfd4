import type { Jax } from './load-jax.ts';

/** jax-js, and what lets go of the functions that were compiled with it. */
export interface OwnedJax {
  readonly jax: Jax;
  /** Lets go of the arrays that compiled functions keep; they cannot be called afterwards. */
  readonly dispose: () => void;
}

/**
 * jax-js that remembers the functions it compiles: they keep the constants that they were compiled with, such as the zeros of derivatives
 * by what is not trained.
 */
export function ownedJax(jax: Jax): OwnedJax {
  const compiled: { readonly dispose: () => void }[] = [];
  const jit: Jax['jit'] = (compute, options) => {
    const result = jax.jit(compute, options);
    compiled.push(result);
    return result;
  };
  return {
    jax: { ...jax, jit },
    dispose: () => {
      for (const each of compiled.splice(0)) each.dispose();
    },
  };
}
