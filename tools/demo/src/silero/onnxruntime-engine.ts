import { readFileSync } from 'node:fs';
import type * as Onnxruntime from 'onnxruntime-web/wasm';
import { inputSamples, sileroFile, type SileroVariant } from './silero-variants.ts';
import type { VadEngine } from './vad-engine.ts';

/** The part of onnxruntime that its packages for the web and for Node share. */
export type OnnxruntimeModule = Pick<typeof Onnxruntime, 'InferenceSession' | 'Tensor'>;

/**
 * A model in onnxruntime as an engine.
 *
 * As lean as its interface allows: the tensors of samples and rate are made once and refilled, and the state that comes
 * out goes in again as it is.
 */
export async function onnxruntimeEngine(
  { InferenceSession, Tensor }: OnnxruntimeModule,
  variant: SileroVariant,
  options: Onnxruntime.InferenceSession.SessionOptions,
): Promise<VadEngine> {
  const session = await InferenceSession.create(readFileSync(sileroFile(variant)), options);
  const samples = new Float32Array(inputSamples(variant));
  const feeds: Record<string, Onnxruntime.Tensor> = {
    input: new Tensor('float32', samples, [1, samples.length]),
    sr: new Tensor('int64', BigInt64Array.of(BigInt(variant.options.modelSampleRate)), []),
  };
  const reset = (): void => {
    for (const { input, shape } of variant.states) {
      const zeros = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
      feeds[input] = new Tensor('float32', zeros, [...shape]);
    }
  };
  reset();
  return {
    step: async (input) => {
      samples.set(input);
      const results = await session.run(feeds);
      for (const state of variant.states) {
        const next = results[state.output];
        if (next) feeds[state.input] = next;
      }
      return Number(results['output']?.data[0]);
    },
    reset,
  };
}
