import { defineConfig, type Options } from 'tsup';

/**
 * The one build every published package uses: ESM, CommonJS and declarations of each entry.
 *
 * The platform is neutral, so what comes out runs in browsers, workers and Node alike; modules of Node stay imports.
 */
export function libraryBuild(overrides: Options = {}): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    dts: true,
    sourcemap: true,
    clean: true,
    target: 'es2022',
    platform: 'neutral',
    // Entries of one package share their classes in CommonJS too: `instanceof` holds across them.
    splitting: true,
    external: [/^node:/],
    // tsup would turn `node:fs` into `fs`, which bundlers then look for in node_modules.
    removeNodeProtocol: false,
    ...overrides,
  });
}
