import { writeArtefact, type CompiledProgram } from '@grim/ir';
import { loadModel, type Model } from '@grim/runtime';
import { version } from '../version.ts';
import type { ExecutionSettings } from './execution-settings.ts';

/** Loads a program into the runtime by the way that users take: through the bytes of a `.grim` file. */
export async function startProgram(
  program: CompiledProgram,
  file: string,
  { threads = 1, strict = false }: ExecutionSettings = {},
): Promise<Model> {
  const provenance = { grimVersion: version, options: {} };
  return loadModel(writeArtefact({ ...program, provenance }, { imageEncoding: 'raw' }), {
    file,
    threads,
    strict,
  });
}
