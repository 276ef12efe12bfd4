import { readFileSync } from 'node:fs';
import { loadModel } from '@grim/runtime';
import type * as OnnxruntimeWeb from 'onnxruntime-web/wasm';
import type { ColdLoad, ColdLoadRequest } from './cold-load.ts';

// A process of its own: imports the engine, then times the way from bytes to the first result, once.

async function loadGrim(bytes: Uint8Array, inputSamples: number): Promise<number> {
  const model = await loadModel(bytes);
  return model.createSession().step(new Float32Array(inputSamples))[0] ?? Number.NaN;
}

async function loadOnnxruntime(
  { InferenceSession, Tensor }: typeof OnnxruntimeWeb,
  bytes: Uint8Array,
  { inputSamples, sampleRate, states }: ColdLoadRequest,
): Promise<number> {
  const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  const results = await session.run({
    input: new Tensor('float32', new Float32Array(inputSamples), [1, inputSamples]),
    sr: new Tensor('int64', BigInt64Array.of(BigInt(sampleRate)), []),
    ...Object.fromEntries(
      states.map(({ input, shape }) => {
        const zeros = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
        return [input, new Tensor('float32', zeros, [...shape])];
      }),
    ),
  });
  return Number(results['output']?.data[0]);
}

const request = JSON.parse(process.argv[2] ?? '') as ColdLoadRequest;
const bytes = new Uint8Array(readFileSync(request.model));
let result: ColdLoad;
if (request.onnxruntimeWeb === undefined) {
  const start = performance.now();
  const probability = await loadGrim(bytes, request.inputSamples);
  result = { milliseconds: performance.now() - start, probability };
} else {
  const module = (await import(request.onnxruntimeWeb)) as typeof OnnxruntimeWeb;
  module.env.wasm.numThreads = 1;
  module.env.wasm.proxy = false;
  const start = performance.now();
  const probability = await loadOnnxruntime(module, bytes, request);
  result = { milliseconds: performance.now() - start, probability };
}
console.log(JSON.stringify(result));
