import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const packageRoot = join(import.meta.dirname, '../..');

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `grim` command, built from source into one folder so that starting it is quick. */
export interface BuiltCli {
  readonly path: string;
  /** Runs it to its end, in a folder. */
  readonly run: (args: readonly string[], options?: { readonly cwd?: string }) => Ended;
  /** Starts it. */
  readonly start: (args: readonly string[]) => ReturnType<typeof spawn>;
  readonly remove: () => void;
}

/** Builds the command from the sources, below the package so that its dependencies are found. */
export async function buildCli(): Promise<BuiltCli> {
  const folder = join(packageRoot, 'tmp', `cli-${process.pid}-${Date.now()}`);
  await build({
    entryPoints: [join(packageRoot, 'src/cli.ts')],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    conditions: ['@grim/source'],
    // Our own packages are built in from source; everything else is found as it is installed.
    plugins: [
      {
        name: 'externals',
        setup: ({ onResolve }) => {
          onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            path.startsWith('@grim/') || kind === 'entry-point' ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  const path = join(folder, 'cli.mjs');
  return {
    path,
    run: (args, options = {}) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
        encoding: 'utf8',
        timeout: 60_000,
        ...options,
      });
      return { code: status, stdout, stderr };
    },
    start: (args) => spawn(process.execPath, [path, ...args]),
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
