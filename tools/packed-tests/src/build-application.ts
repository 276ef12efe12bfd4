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

/** Compiles the sample network with the packages installed in `fixture`, in a process of its own. */
export function compileSample(fixture: string): SampleModel {
  copyFileSync(join(consumers, 'compile-sample.mjs'), join(fixture, 'compile-sample.mjs'));
  const output = execFileSync(process.execPath, ['compile-sample.mjs', 'sample.grim'], {
    cwd: fixture,
    encoding: 'utf8',
  });
  const { frames, expected } = JSON.parse(output) as Omit<SampleModel, 'bytes'>;
  return { bytes: readFileSync(join(fixture, 'sample.grim')), frames, expected };
}
