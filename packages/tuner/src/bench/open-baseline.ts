import { GrimError } from '@grim/ir';
import type { ImportSettings } from '../model/import-settings.ts';
import type { ModelFile } from '../model/model-file.ts';
import { openModel } from '../model/open-model.ts';
import { requireGraph } from '../model/require-graph.ts';
import { notInstalled } from '../reference/not-installed.ts';
import { onnxInterface, type OnnxInterface } from '../reference/onnx-interface.ts';
import { openOnnxRuntime, type OnnxRuntimeName, type OnnxRuntimeStream } from '../reference/onnxruntime.ts';

/** An ONNX model in onnxruntime. */
export interface Baseline {
  readonly ports: OnnxInterface;
  readonly stream: OnnxRuntimeStream;
}

/**
 * Opens the ONNX model that a model is compared with in onnxruntime.
 *
 * @param onnx - Path of the ONNX file; the model itself when absent.
 * @param settings - For the ONNX file; those that the model was made with where none are given.
 */
export async function openBaseline(
  name: OnnxRuntimeName,
  model: ModelFile,
  onnx: string | undefined,
  settings: ImportSettings,
): Promise<Baseline> {
  if (onnx === undefined && model.format !== 'onnx') {
    throw new GrimError(`is no ONNX model; give the one for ${name} with --onnx`, { file: model.file });
  }
  const all = { ...model.settings, ...settings };
  const source = onnx === undefined ? model : await openModel(onnx, all, 'any');
  if (source.format !== 'onnx') throw new GrimError('is no ONNX model', { file: source.file });
  const ports = await onnxInterface(source.file, source.bytes, all, requireGraph(source));
  const stream = await openOnnxRuntime(name, source.file, source.bytes, all, ports);
  if (!stream) throw notInstalled(name);
  return { ports, stream };
}
