import { GrimError, type Graph } from '@grim/ir';
import { readOperatorsFile } from '../operators/operators-file.ts';
import { asFlags } from './as-flags.ts';
import type { ImportSettings } from './import-settings.ts';

/** Imports an ONNX file. The importer is loaded here, because commands on `.grim` files do without it. */
export async function importModel(file: string, bytes: Uint8Array, settings: ImportSettings): Promise<Graph> {
  const [{ importOnnx }, { nodeExternalData }] = await Promise.all([
    import('@grim/onnx'),
    import('@grim/onnx/node'),
  ]);
  const operators =
    settings.operators === undefined ? undefined : (await readOperatorsFile(settings.operators)).operators;
  try {
    return importOnnx(bytes, {
      file,
      readExternal: nodeExternalData(file),
      ...(settings.set && { inputs: settings.set }),
      ...(settings.shapes && { shapes: settings.shapes }),
      ...(settings.states && { states: settings.states }),
      ...(operators && { operators }),
    });
  } catch (error) {
    throw error instanceof GrimError ? asFlags(error) : error;
  }
}
