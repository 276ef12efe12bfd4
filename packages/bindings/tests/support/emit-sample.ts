import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileGraph } from '@grim/codegen-wasm';
import { writeArtefact } from '@grim/ir';
import { onTestFinished } from 'vitest';
import { renderBindings } from '../../src/index.ts';
import { describeSample } from './describe-sample.ts';
import { sampleModels, type SampleName } from './sample-models.ts';

/** Compiles a sample and writes it with its module to a folder, gone after the test, from which packages are found. */
export async function emitSample(name: SampleName): Promise<string> {
  const parent = join(import.meta.dirname, '../../tmp');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'emitted-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const provenance = { grimVersion: '0.1.0', options: {} };
  const program = await compileGraph(sampleModels[name]);
  writeFileSync(join(folder, `${name}.grim`), writeArtefact({ ...program, provenance }));
  for (const { extension, text } of renderBindings(describeSample(name))) {
    writeFileSync(join(folder, `${name}${extension}`), text);
  }
  return folder;
}
