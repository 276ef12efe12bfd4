import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Platform } from 'esbuild';

const consumers = join(import.meta.dirname, '../consumers');

/**
 * Bundles the sample application against the packages installed in `fixture`.
 *
 * @returns text of an ES module
 */
export async function buildApplication(fixture: string, platform: Platform): Promise<string> {
  copyFileSync(join(consumers, 'application.js'), join(fixture, 'application.js'));
  const { outputFiles } = await build({
    entryPoints: [join(fixture, 'application.js')],
    bundle: true,
    write: false,
    format: 'esm',
    platform,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/** A model that was compiled by the installed packages, and what it must give. */
export interface SampleModel {
  /** Contents of the `.grim` file. */
  readonly bytes: Uint8Array;
  /** Inputs, to be run one after another. */
  readonly frames: number[][];
  /** Output of each frame, from the reference implementation. */
  readonly expected: number[][];
}

/** A model that was compiled for threads by the installed packages, and what it gives in Node on one thread. */
export interface SharedSample {
  /** Contents of the `.grim` file. */
  readonly bytes: Uint8Array;
  /** Threads that it is compiled for. */
  readonly threads: number;
  /** Inputs, to be run one after another. */
  readonly frames: number[][];
  /** Output of each frame, as the integers that have the same bits. */
  readonly bits: number[][];
}

/** Compiles a network with calls that threads share, as {@link compileSample} does. */
export function compileShared(fixture: string): SharedSample {
  const { bytes, output } = runCompiler(fixture, 'compile-shared.mjs');
  return { ...(JSON.parse(output) as Omit<SharedSample, 'bytes'>), bytes };
}

/** Compiles the sample network with the packages installed in `fixture`, in a process of its own. */
export function compileSample(fixture: string): SampleModel {
  const { bytes, output } = runCompiler(fixture, 'compile-sample.mjs');
  return { ...(JSON.parse(output) as Omit<SampleModel, 'bytes'>), bytes };
}

/** The file that a program of the consumers writes, and what it prints. */
function runCompiler(fixture: string, program: string): { bytes: Uint8Array; output: string } {
  for (const file of [program, 'sample-network.mjs'])
    copyFileSync(join(consumers, file), join(fixture, file));
  const file = program.replace(/\.mjs$/, '.grim');
  const output = execFileSync(process.execPath, [program, file], { cwd: fixture, encoding: 'utf8' });
  return { bytes: readFileSync(join(fixture, file)), output };
}
