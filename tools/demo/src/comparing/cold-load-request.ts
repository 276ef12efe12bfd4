import type { ColdLoadRequest } from './cold-load.ts';
import { inputSamples, sileroFile, type SileroVariant } from '../silero/silero-variants.ts';

/**
 * The request to load a model.
 *
 * @param variant - Which model.
 * @param grimFile - Path of its `.grim` file; without it onnxruntime-web loads the ONNX file.
 */
export function coldLoadRequest(variant: SileroVariant, grimFile?: string): ColdLoadRequest {
  return {
    model: grimFile ?? sileroFile(variant),
    ...(grimFile === undefined && { onnxruntimeWeb: import.meta.resolve('onnxruntime-web/wasm') }),
    inputSamples: inputSamples(variant),
    sampleRate: variant.options.modelSampleRate,
    states: variant.states,
  };
}
