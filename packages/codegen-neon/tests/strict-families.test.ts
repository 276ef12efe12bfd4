import { describe, expect } from 'vitest';

import { interpretKernel, type BufferPointer, type KernelCase } from '@grim/kernels';

import { neonProfiles, strict } from '../src/index.ts';
import { placeBuffers } from './support/place-buffers.ts';
import { describeFamilies } from './support/run-family-cases.ts';

/** The memory of a case after its kernel was interpreted. */
function interpreted({ kernel, buffers }: KernelCase): Uint8Array {
  const { memory, addresses } = placeBuffers(kernel, buffers);
  const pointers: Record<string, BufferPointer> = {};
  kernel.buffers.forEach(({ name }, index) => {
    pointers[name] = { memory, offset: addresses[index] ?? 0 };
  });
  interpretKernel(kernel, pointers);
  return memory;
}

describe('every kernel family: strict code gives bit for bit what the interpreter computes', () => {
  describeFamilies({
    capabilities: strict(neonProfiles['cortex-a76']),
    flags: ['-O1'],
    evenCases: 'gcc',
    check: (tested, memory) => {
      const expected = interpreted(tested);
      const difference = memory.findIndex((byte, index) => byte !== expected[index]);
      expect(difference, `${tested.name} (${tested.kernel.name}): first differing byte`).toBe(-1);
    },
  });
});
