import { describe, expect, it } from 'vitest';

import { interpretKernel, kernelFamilies, type BufferPointer, type Kernel } from '@grim/kernels';

import { assemble, renderKernel } from '../src/index.ts';
import { noise } from './support/random-graph.ts';

/** Buffers in one memory, far enough apart that what is written between them shows. */
function placeBuffers(
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
async function instantiate(
  kernels: ReadonlyMap<string, Kernel>,
): Promise<[WebAssembly.Memory, WebAssembly.Exports]> {
  const text = [
    '(module (import "env" "memory" (memory 256))',
    ...[...kernels.values()].map(renderKernel),
    ...[...kernels.keys()].map((name) => `(export "${name}" (func $${name}))`),
    ')',
  ].join('\n');
  const memory = new WebAssembly.Memory({ initial: 256 });
  const module = new WebAssembly.Module((await assemble(text)) as BufferSource);
  return [memory, new WebAssembly.Instance(module, { env: { memory } }).exports];
}

describe('every kernel family: WebAssembly is bit for bit what the interpreter computes', () => {
  for (const family of kernelFamilies) {
    it(family.name, async () => {
      const cases = [...family.cases(noise(3))];
      const kernels = new Map(cases.map(({ kernel }) => [kernel.name, kernel]));
      const [memory, exports] = await instantiate(kernels);
      for (const { name, kernel, buffers } of cases) {
        expect(JSON.stringify(kernels.get(kernel.name)), `one name, one kernel: ${kernel.name}`).toBe(
          JSON.stringify(kernel),
        );
        const [interpreted, addresses] = placeBuffers(kernel, buffers);
        const bytes = new Uint8Array(memory.buffer, 0, interpreted.length);
        bytes.set(interpreted);
        const pointers: Record<string, BufferPointer> = {};
        kernel.buffers.forEach(({ name: buffer }, index) => {
          pointers[buffer] = { memory: interpreted, offset: addresses[index] ?? 0 };
        });
        interpretKernel(kernel, pointers);
        (exports[kernel.name] as (...addresses: number[]) => void)(...addresses);
        const difference = bytes.findIndex((byte, index) => byte !== interpreted[index]);
        expect(difference, `${name} (${kernel.name}): first differing byte`).toBe(-1);
      }
    });
  }
});
