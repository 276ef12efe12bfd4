import { renderKernel } from '@grim/codegen-wasm';
import type { BufferContents, Kernel } from '@grim/kernels';
import { instantiateText, memoryPages } from './instantiate-text.ts';

/** A kernel in a module of its own, with its buffers in place. */
export interface KernelInstance {
  /** Calls the kernel once. */
  readonly run: () => void;
  /** What a buffer holds now. */
  readonly read: (buffer: string) => Float32Array;
}

/**
 * Compiles one kernel for WebAssembly.
 *
 * @param contents - What every buffer holds before the first call.
 */
export async function instantiateKernel(
  kernel: Kernel,
  contents: Readonly<Record<string, BufferContents>>,
): Promise<KernelInstance> {
  let end = 64;
  const places = new Map(
    kernel.buffers.map(({ name }) => {
      const view = contents[name];
      if (!view) throw new TypeError(`${kernel.name} has no contents for ${name}`);
      const address = end;
      // Kernels may read up to a vector beyond a buffer; each starts at a cache line.
      end = Math.ceil((end + view.byteLength + 16) / 64) * 64;
      return [name, { view, address }] as const;
    }),
  );
  const operands = [...places.values()].map(({ address }) => `(i32.const ${address})`).join(' ');
  const text = `(module (memory (export "memory") ${memoryPages(end)}) ${renderKernel(kernel)}
    (func (export "run") (call $${kernel.name} ${operands})))`;
  const exports = await instantiateText(text);
  const { buffer } = exports['memory'] as WebAssembly.Memory;
  for (const { view, address } of places.values()) {
    new Uint8Array(buffer).set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), address);
  }
  return {
    run: exports['run'] as () => void,
    read: (name) => {
      const place = places.get(name);
      if (!place) throw new TypeError(`${kernel.name} has no buffer ${name}`);
      return new Float32Array(buffer, place.address, place.view.byteLength / 4).slice();
    },
  };
}
