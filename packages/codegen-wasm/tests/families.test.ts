import { describe, expect, it } from 'vitest';

import { interpretKernel, kernelFamilies, type BufferPointer } from '@grim/kernels';

import { instantiateKernels, placeBuffers } from './support/kernel-module.ts';
import { noise } from './support/random-graph.ts';

describe('every kernel family: WebAssembly is bit for bit what the interpreter computes', () => {
  for (const family of kernelFamilies) {
    it(family.name, async () => {
      const cases = [...family.cases(noise(3))];
      const kernels = new Map(cases.map(({ kernel }) => [kernel.name, kernel]));
      const [memory, exports] = await instantiateKernels(kernels);
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
