import { defineConfig, type Options } from 'tsup';

/** The one build every published package uses: ESM, CommonJS and declarations from `src/index.ts`. */
export function libraryBuild(overrides: Options = {}): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    dts: true,
    sourcemap: true,
    clean: true,
    target: 'es2022',
    platform: 'neutral',
    ...overrides,
  });
}
