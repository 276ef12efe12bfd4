import type * as jaxModule from '@jax-js/jax';

/** The library of arrays that computes here: jax-js on WebAssembly. */
export type Jax = typeof jaxModule;

/** An array of jax-js. Its memory is counted by hand: `.ref` to use it once more, `dispose()` when it was not used up. */
export type JaxArray = jaxModule.numpy.Array;

let loading: Promise<Jax> | undefined;

/** jax-js with its WebAssembly back end; loaded once. */
export function loadJax(): Promise<Jax> {
  loading ??= (async () => {
    // Node 20 has no `navigator`, which jax-js asks for its other back ends.
    const host = globalThis as { navigator?: unknown };
    host.navigator ??= {};
    const jax = await import('@jax-js/jax');
    await jax.init('wasm');
    jax.defaultDevice('wasm');
    return jax;
  })();
  return loading;
}
