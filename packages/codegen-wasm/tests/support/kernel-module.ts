import type { Kernel } from '@grim/kernels';

import { assemble, renderKernel, type WasmCapabilities } from '../../src/index.ts';

/** Buffers in one memory, far enough apart that what is written between them shows. */
export function placeBuffers(
  kernel: Kernel,
  buffers: Readonly<Record<string, ArrayBufferView>>,
): [Uint8Array, number[]] {
  let end = 64;
  const addresses = kernel.buffers.map(({ name }) => {
    const address = end;
    end = Math.ceil((end + (buffers[name]?.byteLength ?? 0) + 64) / 16) * 16;
    return address;
  });
  const memory = new Uint8Array(end);
  kernel.buffers.forEach(({ name }, index) => {
    const view = buffers[name];
    if (view) memory.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), addresses[index]);
  });
  return [memory, addresses];
}

/** All kernels of a family in one module, which is much faster to assemble than one each. */
export async function instantiateKernels(
  kernels: ReadonlyMap<string, Kernel>,
  capabilities?: WasmCapabilities,
): Promise<[WebAssembly.Memory, WebAssembly.Exports]> {
  const text = [
    '(module (import "env" "memory" (memory 256))',
    ...[...kernels.values()].map((kernel) => renderKernel(kernel, capabilities)),
    ...[...kernels.keys()].map((name) => `(export "${name}" (func $${name}))`),
    ')',
  ].join('\n');
  const memory = new WebAssembly.Memory({ initial: 256 });
  const module = new WebAssembly.Module((await assemble(text)) as BufferSource);
  return [memory, new WebAssembly.Instance(module, { env: { memory } }).exports];
}
