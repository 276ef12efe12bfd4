import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArmCompiler } from './arm-compilers.ts';

/** A compiled C program. */
export interface Compiled {
  /** Path of the program, linked statically. */
  readonly program: string;
  /** Its assembly text. */
  readonly assembly: string;
}

/** As the build files of emitted models do for a release, for a processor that has what cortex-a76 has. */
const flags = ['-O3', '-mcpu=cortex-a76'];

function run([program, ...operands]: readonly [string, ...string[]]): void {
  const { status, stderr, error } = spawnSync(program, operands, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status ?? 'a signal'}: ${stderr}`);
}

/**
 * Compiles a C program for AArch64 and removes what it left once `use` is done.
 *
 * @throws Error with what the compiler says when it does not compile.
 */
export function compileForArm<Result>(
  { command }: ArmCompiler,
  source: string,
  use: (compiled: Compiled) => Result,
): Result {
  const folder = mkdtempSync(join(tmpdir(), 'grim-arm-'));
  try {
    const file = join(folder, 'layer.c');
    const text = join(folder, 'layer.s');
    const program = join(folder, 'layer');
    writeFileSync(file, source);
    run([...command, '-std=c11', ...flags, '-S', '-o', text, file]);
    run([...command, ...flags, '-static', '-o', program, text, '-lm']);
    return use({ program, assembly: readFileSync(text, 'utf8') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
