import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { requireToolchain } from '@grim/toolchains';

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

/** Runs a program, with a file as its standard input if there is one, and returns what it writes. */
function run(command: readonly string[], inputFile?: string): Uint8Array {
  const [program = '', ...operands] = command;
  const input = inputFile === undefined ? undefined : openSync(inputFile, 'r');
  try {
    const { status, stdout, stderr, error } = spawnSync(program, operands, {
      stdio: [input ?? 'ignore', 'pipe', 'pipe'],
      maxBuffer: 2 ** 30,
    });
    if (error) throw error;
    if (status !== 0) {
      throw new Error(`${command.join(' ')} ended with ${status ?? 'a signal'}: ${stderr.toString()}`);
    }
    // A copy: slices of a `Buffer` would share its memory.
    return new Uint8Array(stdout);
  } finally {
    if (input !== undefined) closeSync(input);
  }
}

/**
 * Compiles a C11 program for AArch64 without a warning, runs it under emulation and returns what it writes.
 *
 * @param compiler - how the compiler is called
 * @param flags - flags beside those for warnings, such as the optimisation level
 * @param files - sources and headers by name
 * @param input - what the program reads from standard input
 */
export function runEmulated(
  compiler: readonly string[],
  flags: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>>,
  input: Uint8Array,
): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'grim-neon-'));
  const inFolder = (name: string): string => join(folder, name);
  try {
    for (const [name, contents] of Object.entries(files)) writeFileSync(inFolder(name), contents);
    writeFileSync(inFolder('input'), input);
    const sources = Object.keys(files)
      .filter((name) => name.endsWith('.c'))
      .map(inFolder);
    const program = inFolder('program');
    run([...compiler, '-std=c11', ...warnings, ...flags, '-static', ...sources, '-o', program, '-lm']);
    return run([emulator ?? '', '-cpu', 'cortex-a76', program], inFolder('input'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
