import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const source = join(import.meta.dirname, 'instruction-counter.c');

const flags = [
  ...['-std=c11', '-D_POSIX_C_SOURCE=200809L', '-O2', '-Wall', '-Wextra', '-Wpedantic', '-Werror'],
  ...['-shared', '-fPIC', '-fvisibility=hidden'],
];

/** Where built programs are kept from one run to the next. */
const folder = join(import.meta.dirname, '../../../node_modules/.cache/grim');

/**
 * The emulator's plugin that counts instructions, built for this machine unless the cache has it.
 *
 * @param compiler - The C compiler of this machine.
 * @returns Path of the shared library.
 * @throws Error with what the compiler says when it does not build.
 */
export function buildCounter(compiler: string): string {
  const key = createHash('sha256')
    .update(readFileSync(source))
    .update(JSON.stringify([compiler, flags]))
    .digest('hex')
    .slice(0, 16);
  const library = join(folder, `instruction-counter-${key}.so`);
  if (existsSync(library)) return library;
  mkdirSync(folder, { recursive: true });
  // Built aside and renamed: programs that start at the same time may build it twice, but none sees half of it.
  const aside = mkdtempSync(join(folder, 'build-'));
  try {
    const built = join(aside, 'counter.so');
    const { status, stderr, error } = spawnSync(compiler, [...flags, '-o', built, source], {
      encoding: 'utf8',
    });
    if (error) throw error;
    if (status !== 0) throw new Error(`${compiler} did not build ${source}: ${stderr}`);
    renameSync(built, library);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return library;
}
