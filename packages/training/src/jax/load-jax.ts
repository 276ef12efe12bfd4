import type * as jaxModule from '@jax-js/jax';

/** The library of arrays that computes here: jax-js on WebAssembly. */
export type Jax = typeof jaxModule;

/** An array of jax-js. Its memory is counted by hand: `.ref` to use it once more, `dispose()` when it was not used up. */
export type JaxArray = jaxModule.numpy.Array;

let loading: Promise<Jax> | undefined;

/** jax-js with its WebAssembly back end; loaded once. */
export function loadJax(): Promise<Jax> {
  loading ??= (async () => {
    // Node 20 has no `navigator`, which jax-js asks for its other back ends while it is loaded.
    const host = globalThis as { navigator?: unknown };
    const isMissing = host.navigator === undefined;
    if (isMissing) host.navigator = {};
    const jax = await import('@jax-js/jax');
    await jax.init('wasm');
    // Other libraries take a `navigator` for a browser.
    if (isMissing) delete host.navigator;
    jax.defaultDevice('wasm');
    return jax;
  })();
  return loading;
}
