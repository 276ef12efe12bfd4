import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { requireToolchain, unpackForeignPackages } from '@grim/toolchains';

/** XNNPACK and what it needs, as Debian has them. */
const packages = [
  'libxnnpack-dev',
  'libxnnpack0',
  'libpthreadpool-dev',
  'libpthreadpool0',
  'libcpuinfo-dev',
  'libcpuinfo0',
];

/** Where the cross compiler's C library is. */
const system = '/usr/aarch64-linux-gnu';

const cache = join(import.meta.dirname, '../../../../../node_modules/.cache/grim');

/** A program that runs a convolution of XNNPACK, and where the emulator finds its libraries. */
export interface XnnpackProgram {
  readonly program: string;
  readonly libraries: { readonly root: string; readonly folders: readonly string[] };
}

/**
 * Compiles the driver of XNNPACK for AArch64.
 *
 * @throws Error that says why there is none: no compiler, no apt, no network.
 */
export function xnnpackProgram(): XnnpackProgram {
  const compiler = requireToolchain('aarch64Gcc');
  if (compiler === undefined) throw new Error('there is no compiler for AArch64');
  const root = join(cache, 'xnnpack-arm64');
  unpackForeignPackages({ architecture: 'arm64', packages }, root);
  const libraries = join(root, 'usr/lib/aarch64-linux-gnu');
  const program = join(cache, 'xnnpack-driver');
  const { status, stderr, error } = spawnSync(
    compiler,
    [
      ...['-std=c11', '-O1', '-Wall', '-Wextra', '-Werror', `-I${join(root, 'usr/include')}`],
      ...[join(import.meta.dirname, 'driver.c'), '-o', program],
      ...['XNNPACK', 'pthreadpool', 'cpuinfo'].map((name) => join(libraries, `lib${name}.so`)),
      ...[`-Wl,-rpath-link,${libraries}`, '-lm'],
    ],
    { encoding: 'utf8' },
  );
  if (error) throw error;
  if (status !== 0) throw new Error(`the driver of XNNPACK does not compile: ${stderr}`);
  return { program, libraries: { root: system, folders: [join(system, 'lib'), libraries] } };
}
