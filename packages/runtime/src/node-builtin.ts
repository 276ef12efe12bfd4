/** The globals of Node; pages lack them. */
interface NodeGlobals {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
}

/** A module of Node; `undefined` elsewhere. Without an import, so that bundlers for pages have nothing to resolve. */
export function nodeBuiltin(name: `node:${string}`): unknown {
  return (globalThis as NodeGlobals).process?.getBuiltinModule?.(name);
}
