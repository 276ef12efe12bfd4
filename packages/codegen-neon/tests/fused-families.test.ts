import { describe, expect } from 'vitest';

import type { KernelCase } from '@grim/kernels';

import { neonProfiles } from '../src/index.ts';
import { placeBuffers } from './support/place-buffers.ts';
import { describeFamilies } from './support/run-family-cases.ts';

/**
 * What one rounding in place of two may change, relative to the larger of 1 and the value by the family's definition in double
 * precision: the bound that relaxed WebAssembly is held to as well.
 */
const FUSED_TOLERANCE = 5e-5;

function expectClose({ name, kernel, buffers, expected }: KernelCase, memory: Uint8Array): void {
  const { addresses } = placeBuffers(kernel, buffers);
  kernel.buffers.forEach(({ name: buffer }, index) => {
    const values = expected[buffer] ?? new Float32Array();
    const actual = new Float32Array(memory.buffer, addresses[index], values.length);
    values.forEach((value, at) => {
      // NaN stands where anything may be written.
      if (Number.isNaN(value)) return;
      const difference = Math.abs((actual[at] ?? NaN) - value) / Math.max(1, Math.abs(value));
      if (difference < FUSED_TOLERANCE || actual[at] === value) return;
      expect.fail(`${name} (${kernel.name}): ${buffer}[${at}] is ${actual[at] ?? NaN}, expected ${value}`);
    });
  });
}

describe('every kernel family: fused multiply-adds stay close to the definition', () => {
  const capabilities = neonProfiles['cortex-a76'];
  describeFamilies({
    capabilities,
    flags: ['-O1', `-mcpu=${capabilities.processor}`],
    evenCases: 'clang',
    check: expectClose,
  });
});
