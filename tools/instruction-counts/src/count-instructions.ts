import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { requireToolchain } from '@grim/toolchains';

import { buildCounter } from './build-counter.ts';

/** A program for AArch64 and how it is run. */
export interface CountedProgram {
  /** Path of the program: one thread, with its symbols. */
  readonly program: string;
  /** What it reads from standard input; nothing unless told. */
  readonly input?: Uint8Array;
  /** The processor that is emulated, which decides the instructions there are (default `cortex-a76`). */
  readonly processor?: string;
  /** Where a program that is not linked statically finds its loader and libraries. */
  readonly libraries?: {
    /** Root folder of a system of its architecture. */
    readonly root: string;
    readonly folders: readonly string[];
  };
}

/** What a run of a program executed and wrote. */
export interface InstructionCounts {
  /** Executed instructions by the symbol they lie in; `?` has those without one. Functions that were inlined have none. */
  readonly instructions: ReadonlyMap<string, number>;
  /** What it wrote to standard output. */
  readonly output: Uint8Array;
}

/** Whether everything that {@link countInstructions} needs is installed. */
export function canCountInstructions(): boolean {
  return requireToolchain('qemuAarch64') !== undefined && requireToolchain('hostCompiler') !== undefined;
}

/** The file that the plugin leaves: lines of a count and a symbol. */
function parseCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, count = '', symbol = ''] = /^(\d+) (.+)$/.exec(line) ?? [];
    if (symbol === '') throw new TypeError(`not a line of the instruction counter: ${line}`);
    counts.set(symbol, Number(count));
  }
  return counts;
}

/**
 * Runs a program for AArch64 under emulation and counts what it executes, by symbol. The counts are exact and the same in
 * every run.
 *
 * @throws Error when the emulator or a compiler is missing, or the program does not exit with 0.
 */
export function countInstructions({
  program,
  input = new Uint8Array(),
  processor = 'cortex-a76',
  libraries,
}: CountedProgram): InstructionCounts {
  const emulator = requireToolchain('qemuAarch64');
  const compiler = requireToolchain('hostCompiler');
  if (emulator === undefined || compiler === undefined) {
    throw new Error('counting instructions needs the emulator and a C compiler: npm run toolchains');
  }
  const plugin = buildCounter(compiler);
  const folder = mkdtempSync(join(tmpdir(), 'grim-counts-'));
  const counts = join(folder, 'counts');
  const inputFile = join(folder, 'input');
  writeFileSync(inputFile, input);
  const standardInput = openSync(inputFile, 'r');
  try {
    // A comma would end a value of the plugin; doubled it stands for itself.
    const values = [plugin, `output=${counts}`].map((value) => value.replaceAll(',', ',,'));
    const search = libraries
      ? ['-L', libraries.root, '-E', `LD_LIBRARY_PATH=${libraries.folders.join(':')}`]
      : [];
    const { status, signal, stdout, stderr, error } = spawnSync(
      emulator,
      ['-cpu', processor, ...search, '-plugin', values.join(','), program],
      { stdio: [standardInput, 'pipe', 'pipe'], maxBuffer: 2 ** 30 },
    );
    if (error) throw error;
    if (status !== 0)
      throw new Error(`${program} ended with ${status ?? signal ?? '?'}: ${stderr.toString()}`);
    return { instructions: parseCounts(readFileSync(counts, 'utf8')), output: new Uint8Array(stdout) };
  } finally {
    closeSync(standardInput);
    rmSync(folder, { recursive: true, force: true });
  }
}
