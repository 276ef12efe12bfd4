import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { bcrcCodec } from '@grim/bcr';
import { GrimError, readArtefact, type Provenance } from '@grim/ir';
import { namingFile } from '../files/naming-file.ts';
import { readInputFile } from '../files/read-input-file.ts';
import { version } from '../version.ts';
import { importModel } from './import-model.ts';
import type { ImportSettings } from './import-settings.ts';
import type { ModelFile } from './model-file.ts';
import { importOption, recordedSettings, recordSettings } from './recorded-settings.ts';

/** `GRIM`, the first bytes of a `.grim` file. */
const grimMagic = [0x47, 0x52, 0x49, 0x4d];

/**
 * Reads a model: an ONNX file, imported with `settings`, or a `.grim` file. The first bytes decide, not the name.
 *
 * @param file - Path of the model. External weights of an ONNX model are read from its folder only.
 * @param settings - How to import an ONNX file.
 * @param settingsFor - `any` when the settings are (also) meant for another file; they are refused for a `.grim` file
 * otherwise, which has everything decided.
 * @throws GrimError naming the file when it cannot be read, is damaged or needs other settings.
 */
export async function openModel(
  file: string,
  settings: ImportSettings = {},
  settingsFor: 'this' | 'any' = 'this',
): Promise<ModelFile> {
  const bytes = await readInputFile(file);
  return namingFile(file, async () => {
    if (grimMagic.every((byte, index) => bytes[index] === byte)) {
      if (settingsFor === 'this') refuseSettings(settings);
      return openGrim(file, bytes, settings.operators);
    }
    const graph = await importModel(file, bytes, settings);
    const recorded = recordSettings(settings);
    const provenance: Provenance = {
      grimVersion: version,
      importer: `@grim/onnx ${version}`,
      sourceFile: basename(file),
      sourceSha256: createHash('sha256').update(bytes).digest('hex'),
      options: recorded === undefined ? {} : { [importOption]: recorded },
    };
    return { file, bytes, format: 'onnx', graph, provenance, settings };
  });
}

function refuseSettings(settings: ImportSettings): void {
  if (settings.set ?? settings.shapes ?? settings.states) {
    throw new GrimError(
      '--set, --shape and --state are for ONNX models; a .grim file has everything decided',
    );
  }
}

function openGrim(file: string, bytes: Uint8Array, operators: string | undefined): ModelFile {
  const { graph, plan, code, relaxedCode, image, provenance } = readArtefact(bytes, {
    file,
    codecs: [bcrcCodec],
  });
  const program =
    plan && code && image ? { plan, code, ...(relaxedCode && { relaxedCode }), image } : undefined;
  if (!graph && !program) throw new GrimError('holds neither a graph nor a compiled model');
  return {
    file,
    bytes,
    format: 'grim',
    provenance,
    settings: { ...recordedSettings(provenance), ...(operators !== undefined && { operators }) },
    ...(graph && { graph }),
    ...(program && { program }),
  };
}
