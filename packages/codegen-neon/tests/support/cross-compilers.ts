import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { requireToolchain } from '@grim/toolchains';

import { runProcess } from './run-process.ts';

const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror'];

/** Compilers for AArch64 that are installed here, by name, with how each is called. */
export function crossCompilers(): Readonly<Record<'gcc' | 'clang', readonly string[] | undefined>> {
  const gcc = requireToolchain('aarch64Gcc');
  const clang = requireToolchain('clang');
  return {
    gcc: gcc === undefined ? undefined : [gcc],
    // It links with the libraries of the other one.
    clang: gcc === undefined || clang === undefined ? undefined : [clang, '--target=aarch64-linux-gnu'],
  };
}

/** The emulator that runs what they compile. */
export const emulator: string | undefined = requireToolchain('qemuAarch64');

/** What is emulated: a processor of phones, and one with every extension there is. */
const processors = ['cortex-a76', 'max'];

/** Where the dynamic loader and libraries for AArch64 are, by the cross compiler's packages. */
const libraries = '/usr/aarch64-linux-gnu';

/**
 * Compiles a C11 program for AArch64 without a warning, runs it on all emulated processors and returns what it writes, which must
 * be the same on each.
 *
 * @param compiler - how the compiler is called
 * @param flags - flags beside those for warnings, such as the optimisation level
 * @param files - sources and headers by name
 * @param input - what the program reads from standard input
 */
export async function runEmulated(
  compiler: readonly string[],
  flags: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>>,
  input: Uint8Array,
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'grim-neon-'));
  const inFolder = (name: string): string => join(folder, name);
  try {
    for (const [name, contents] of Object.entries(files)) await writeFile(inFolder(name), contents);
    await writeFile(inFolder('input'), input);
    const sources = Object.keys(files)
      .filter((name) => name.endsWith('.c'))
      .map(inFolder);
    const program = inFolder('program');
    // The runtimes of sanitizers want to be loaded.
    const isSanitized = flags.some((flag) => flag.startsWith('-fsanitize='));
    await runProcess([
      ...[...compiler, '-std=c11', ...warnings, ...flags, ...(isSanitized ? [] : ['-static'])],
      ...[...sources, '-o', program, '-lm'],
    ]);
    const emulation = isSanitized ? ['-L', libraries] : [];
    const [output = new Uint8Array(), ...others] = await Promise.all(
      processors.map((processor) =>
        runProcess([emulator ?? '', '-cpu', processor, ...emulation, program], inFolder('input')),
      ),
    );
    for (const other of others) {
      if (Buffer.compare(output, other) !== 0) throw new Error(`${processors.join(' and ')} differ`);
    }
    return output;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
