import type { SileroVariant } from './silero-variants.ts';
import { onnxruntimeEngine } from './onnxruntime-engine.ts';
import type { VadEngine } from './vad-engine.ts';

/** A model in onnxruntime-web: WebAssembly, one thread, in this thread. */
export async function onnxruntimeWebEngine(variant: SileroVariant): Promise<VadEngine> {
  const module = await import('onnxruntime-web/wasm');
  module.env.wasm.numThreads = 1;
  module.env.wasm.proxy = false;
  return onnxruntimeEngine(module, variant, { executionProviders: ['wasm'] });
}
