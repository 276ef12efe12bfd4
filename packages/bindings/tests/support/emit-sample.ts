import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileGraph } from '@grim/codegen-wasm';
import { writeArtefact } from '@grim/ir';
import { renderBindings } from '../../src/index.ts';
import { describeSample } from './describe-sample.ts';
import { newFolder } from './new-folder.ts';
import { sampleModels, type SampleName } from './sample-models.ts';

/** Compiles a sample and writes it with its module to a folder. */
export async function emitSample(name: SampleName): Promise<string> {
  const folder = newFolder();
  const provenance = { grimVersion: '0.1.0', options: {} };
  const program = await compileGraph(sampleModels[name]);
  writeFileSync(join(folder, `${name}.grim`), writeArtefact({ ...program, provenance }));
  for (const { extension, text } of renderBindings(describeSample(name))) {
    writeFileSync(join(folder, `${name}${extension}`), text);
  }
  return folder;
}
