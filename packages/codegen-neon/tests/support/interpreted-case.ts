import { expect } from 'vitest';

import { interpretKernel, type BufferPointer, type InterpreterOptions, type KernelCase } from '@grim/kernels';

import { placeBuffers } from './place-buffers.ts';

/** The memory of a case after its kernel was interpreted. */
function interpreted({ kernel, buffers }: KernelCase, options: InterpreterOptions): Uint8Array {
  const { memory, addresses } = placeBuffers(kernel, buffers);
  const pointers: Record<string, BufferPointer> = {};
  kernel.buffers.forEach(({ name }, index) => {
    pointers[name] = { memory, offset: addresses[index] ?? 0 };
  });
  interpretKernel(kernel, pointers, options);
  return memory;
}

/** Expects that a kernel left in its memory bit for bit what the interpreter leaves there, in strict mode unless told otherwise. */
export function expectSameBytes(
  tested: KernelCase,
  memory: Uint8Array,
  options: InterpreterOptions = {},
): void {
  const expected = interpreted(tested, options);
  const difference = memory.findIndex((byte, index) => byte !== expected[index]);
  expect(difference, `${tested.name} (${tested.kernel.name}): first differing byte`).toBe(-1);
}
