import type * as Onnxruntime from 'onnxruntime-web/wasm';
import type { Layer } from './layer.ts';
import { layerOnnx, onnxInputs } from './layer-onnx.ts';
import type { PreparedSide } from './prepared-side.ts';

/** The part of onnxruntime that its packages for the web and for Node share. */
type OnnxruntimeModule = Pick<typeof Onnxruntime, 'InferenceSession' | 'Tensor'>;

/**
 * A layer, not pruned, in onnxruntime on one thread: a model of one node. The time is that of `session.run` on tensors
 * made once; it includes what that call does besides computing, such as copying tensors in and out.
 */
async function onnxruntimeSide(
  { InferenceSession, Tensor }: OnnxruntimeModule,
  layer: Layer,
  options: Onnxruntime.InferenceSession.SessionOptions,
): Promise<PreparedSide> {
  const session = await InferenceSession.create(layerOnnx(layer), options);
  const feeds = Object.fromEntries(
    onnxInputs(layer).map(({ name, shape, values }) => [name, new Tensor('float32', values, [...shape])]),
  );
  const results = await session.run(feeds);
  const { y } = results;
  return {
    run: () => session.run(feeds),
    macs: layer.macs,
    output: Float32Array.from(y?.data as Float32Array),
    close: () => session.release(),
  };
}

/** A layer in onnxruntime-web: WebAssembly, one thread, in this thread. */
export async function onnxruntimeWebSide(layer: Layer): Promise<PreparedSide> {
  const module = await import('onnxruntime-web/wasm');
  module.env.wasm.numThreads = 1;
  module.env.wasm.proxy = false;
  return onnxruntimeSide(module, layer, { executionProviders: ['wasm'] });
}

/** A layer in onnxruntime-node: native code with whatever vectors the machine has, one thread. */
export async function onnxruntimeNodeSide(layer: Layer): Promise<PreparedSide> {
  const module = await import('onnxruntime-node');
  return onnxruntimeSide(module, layer, { intraOpNumThreads: 1, interOpNumThreads: 1 });
}
