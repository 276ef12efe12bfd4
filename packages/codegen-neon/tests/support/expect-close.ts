import { expect } from 'vitest';

import type { KernelCase } from '@grim/kernels';

import { placeBuffers } from './place-buffers.ts';

/**
 * What one rounding in place of two may change, relative to the larger of 1 and the value by the family's definition in double
 * precision: the bound that relaxed WebAssembly is held to as well.
 */
const FUSED_TOLERANCE = 5e-5;

/** Expects that a kernel left in its memory about what the family's definition says. */
export function expectClose({ name, kernel, buffers, expected }: KernelCase, memory: Uint8Array): void {
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
