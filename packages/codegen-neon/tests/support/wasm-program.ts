import { compileToWasm, requireModule, type Toolchain } from '@grim/emscripten';
import { elementCount, type Port } from '@grim/ir';
import type { Program } from '@grim/kernels';

import { renderProgram, type NeonCapabilities } from '../../src/index.ts';

const PAGE_BYTES = 65_536;

/** Gives out the memory of a module behind its data, in pieces that are aligned as a context has to be. */
function allocator(exports: WebAssembly.Exports): (bytes: number) => number {
  const memory = exports['memory'] as WebAssembly.Memory;
  let end = (exports['__heap_base'] as WebAssembly.Global<'i32'>).value;
  return (bytes) => {
    const start = Math.ceil(end / 16) * 16;
    end = start + bytes;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return start;
  };
}

/**
 * Compiles the C files of a program to WebAssembly, its intrinsics by way of SIMDe, and runs it.
 *
 * @param runs - Values of all inputs, one after another, for each run.
 * @param moreFiles - Other files that are compiled and linked, by name.
 * @returns The outputs of every run, then those of the same runs after a reset.
 */
export async function runProgramInWebAssembly(
  toolchain: Toolchain,
  program: Program,
  capabilities: NeonCapabilities,
  runs: readonly Float32Array[],
  moreFiles: Readonly<Record<string, string>> = {},
): Promise<number[]> {
  const files = Object.fromEntries(renderProgram(program, capabilities, { weights: 'binary' }));
  const weights = files['model_weights.bin'];
  if (!(weights instanceof Uint8Array)) throw new TypeError('there are no weights');
  const isRecurrent = program.states.length > 0;
  const compilation = await compileToWasm(toolchain, {
    sources: ['model.c', 'size.c', ...Object.keys(moreFiles)],
    files: {
      ...files,
      ...moreFiles,
      // The compiler knows the macros of a header, this test does not.
      'size.c': '#include "model.h"\nint context_bytes(void) { return MODEL_CONTEXT_BYTES; }\n',
    },
    exports: [
      'context_bytes',
      'model_init',
      ...(isRecurrent ? ['model_step', 'model_reset'] : ['model_run']),
      '__heap_base',
    ],
    neon: true,
  });
  const module = new WebAssembly.Module(requireModule(compilation) as BufferSource);
  const { exports } = new WebAssembly.Instance(module);
  const call = (name: string, ...operands: number[]): number =>
    (exports[name] as (...operands: number[]) => number)(...operands);
  const memory = (): ArrayBuffer => (exports['memory'] as WebAssembly.Memory).buffer;

  const allocate = allocator(exports);
  const weightsAt = allocate(weights.length);
  const contextAt = allocate(call('context_bytes'));
  const place = ({ shape }: Port): { address: number; count: number } => {
    const count = elementCount(shape);
    return { address: allocate(count * 4), count };
  };
  const inputs = program.inputs.map(place);
  const outputs = program.outputs.map(place);
  new Uint8Array(memory()).set(weights, weightsAt);
  const context = call('model_init', contextAt, weightsAt);
  if (context === 0) throw new TypeError('there is no context');

  const operands = [context, ...inputs, ...outputs].map((at) => (typeof at === 'number' ? at : at.address));
  const runAll = (): number[] =>
    runs.flatMap((values) => {
      let start = 0;
      for (const { address, count } of inputs) {
        new Float32Array(memory(), address, count).set(values.subarray(start, start + count));
        start += count;
      }
      call(isRecurrent ? 'model_step' : 'model_run', ...operands);
      return outputs.flatMap(({ address, count }) => [...new Float32Array(memory(), address, count)]);
    });
  const first = runAll();
  if (isRecurrent) call('model_reset', context);
  return [...first, ...runAll()];
}
