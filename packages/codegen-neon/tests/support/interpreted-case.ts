import { expect } from 'vitest';

import { interpretKernel, type BufferPointer, type KernelCase } from '@grim/kernels';

import { placeBuffers } from './place-buffers.ts';

/** The memory of a case after its kernel was interpreted. */
export function interpreted({ kernel, buffers }: KernelCase): Uint8Array {
  const { memory, addresses } = placeBuffers(kernel, buffers);
  const pointers: Record<string, BufferPointer> = {};
  kernel.buffers.forEach(({ name }, index) => {
    pointers[name] = { memory, offset: addresses[index] ?? 0 };
  });
  interpretKernel(kernel, pointers);
  return memory;
}

/** Expects that a kernel left in its memory bit for bit what the interpreter leaves there. */
export function expectSameBytes(tested: KernelCase, memory: Uint8Array): void {
  const expected = interpreted(tested);
  const difference = memory.findIndex((byte, index) => byte !== expected[index]);
  expect(difference, `${tested.name} (${tested.kernel.name}): first differing byte`).toBe(-1);
}
