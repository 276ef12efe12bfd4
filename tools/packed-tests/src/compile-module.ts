import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const consumers = join(import.meta.dirname, '../consumers');

/** A model that the installed command compiled, with the module beside it, and what it must give. */
export interface SampleModule {
  /** Absolute path of the folder that holds `sample-net.grim`, `sample-net.mjs` and `sample-net.d.mts`. */
  readonly folder: string;
  /** Inputs, to be run one after another. */
  readonly frames: number[][];
  /** Output of each frame, from the reference implementation. */
  readonly expected: number[][];
}

/**
 * Compiles the sample network with the command installed in `fixture`.
 *
 * @param name - Of a folder below `fixture` for it, of the caller's own.
 */
export function compileModule(fixture: string, name: string): SampleModule {
  const folder = join(fixture, name);
  mkdirSync(folder);
  const files = ['sample-network.mjs', 'write-sample.mjs', 'typed-page.js', 'typed-use.mts'];
  for (const file of files) copyFileSync(join(consumers, file), join(folder, file));
  const run = (program: string, ...parameters: readonly string[]): string =>
    execFileSync(program, parameters, { cwd: folder, encoding: 'utf8' });
  const output = run(process.execPath, 'write-sample.mjs', 'graph.grim');
  run(join(fixture, 'node_modules/.bin/grim'), 'compile', 'graph.grim', '-o', 'sample-net.grim');
  return { ...(JSON.parse(output) as Omit<SampleModule, 'folder'>), folder };
}

/**
 * Bundles the application that uses the module with Vite.
 *
 * @param inlineLimit - Files of fewer bytes become `data:` URLs.
 * @returns The files of the bundle by path; the application is `/main.js`.
 */
export async function bundleWithVite(
  { folder }: SampleModule,
  inlineLimit: number,
): Promise<Record<string, string | Uint8Array>> {
  const result = await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      assetsInlineLimit: inlineLimit,
      rolldownOptions: { input: join(folder, 'typed-page.js'), output: { entryFileNames: 'main.js' } },
    },
  });
  const bundles = [result].flat().flatMap((each) => ('output' in each ? each.output : []));
  return Object.fromEntries(
    bundles.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
  );
}
