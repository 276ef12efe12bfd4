import { compileToWasm, requireModule, type Toolchain } from '@grim/emscripten';
import type { Kernel, KernelCase } from '@grim/kernels';

import { identifier, renderSource, type NeonCapabilities } from '../../src/index.ts';
import { placeBuffers } from './place-buffers.ts';

const PAGE_BYTES = 65_536;

/** Vectors in the memory of a case are aligned as it is. */
const ALIGNMENT = 64;

/** A function outside that calls the static one of a kernel. */
function exportedCall({ name, buffers }: Kernel, exported: string): string {
  const names = buffers.map((_, index) => `buffer${String(index)}`);
  const parameters = names.map((buffer) => `unsigned char *${buffer}`);
  return `void ${exported}(${parameters.join(', ')}) { ${identifier(name)}(${names.join(', ')}); }`;
}

/** Runs the kernel of a case on its memory, see {@link placeBuffers}, and returns that memory. */
export type RunCase = (tested: KernelCase) => Uint8Array;

/**
 * Compiles kernels to WebAssembly by way of their C text, all in one module: the intrinsics' header is read once.
 *
 * @param kernels - Distinct kernels by name.
 */
export async function compileKernels(
  toolchain: Toolchain,
  kernels: ReadonlyMap<string, Kernel>,
  capabilities: NeonCapabilities,
): Promise<RunCase> {
  const exported = new Map([...kernels.keys()].map((name, index) => [name, `kernel${String(index)}`]));
  const text = [
    renderSource(kernels.values(), capabilities),
    ...[...kernels.values()].map((kernel) => exportedCall(kernel, exported.get(kernel.name) ?? '')),
    '',
  ].join('\n');
  const compilation = await compileToWasm(toolchain, {
    sources: ['kernels.c'],
    files: { 'kernels.c': text },
    exports: ['__heap_base', ...exported.values()],
    optimisation: 1,
    neon: true,
  });
  const module = new WebAssembly.Module(requireModule(compilation) as BufferSource);
  const { exports } = new WebAssembly.Instance(module);
  const memory = exports['memory'] as WebAssembly.Memory;
  const heap = (exports['__heap_base'] as WebAssembly.Global<'i32'>).value;
  const start = Math.ceil(heap / ALIGNMENT) * ALIGNMENT;
  return ({ kernel, buffers }) => {
    const { memory: before, addresses } = placeBuffers(kernel, buffers);
    const missing = start + before.length - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    const bytes = new Uint8Array(memory.buffer, start, before.length);
    bytes.set(before);
    const run = exports[exported.get(kernel.name) ?? ''] as (...addresses: number[]) => void;
    run(...addresses.map((address) => start + address));
    return bytes.slice();
  };
}
