import { readFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

/**
 * The one build every published package uses: ESM, CommonJS and declarations of each entry.
 *
 * Entries are the sources named by the `@grim/source` conditions in the package's own `exports`. The platform is
 * neutral, so what comes out runs in browsers, workers and Node alike; modules of Node stay imports.
 */
export function libraryBuild(overrides: Options = {}): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry: entriesOf(JSON.parse(readFileSync('package.json', 'utf8')) as PackageManifest),
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

/** The part of a package's `package.json` that says what to build. */
interface PackageManifest {
  readonly exports: Readonly<Record<string, string | { readonly '@grim/source'?: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
}

/** Sources of the entry points in `exports`, and of the commands in `bin` (`./dist/cli.js` is `src/cli.ts`). */
function entriesOf({ exports, bin = {} }: PackageManifest): string[] {
  const libraries = Object.values(exports).flatMap((conditions) =>
    typeof conditions === 'object' && conditions['@grim/source'] ? [conditions['@grim/source']] : [],
  );
  const commands = Object.values(bin).map((file) => file.replace(/^\.\/dist\/(.*)\.js$/, './src/$1.ts'));
  return [...libraries, ...commands];
}
