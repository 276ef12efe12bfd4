import { expect } from 'vitest';

import { elementsIn, type ElementType, type KernelCase } from '@grim/kernels';

import { placeBuffers } from './place-buffers.ts';

/**
 * What results may differ by from the family's definition in double precision, relative to the larger of 1 and the value: of floats
 * the bound that relaxed WebAssembly is held to as well, of halves that of sums which are rounded to 11 bits after every product.
 */
const TOLERANCE = { f32: 5e-5, f16: 2 ** -6 } as const;

/** Expects that a kernel left in its memory about what the family's definition says. */
export function expectClose(
  { name, kernel, buffers, expected }: KernelCase,
  memory: Uint8Array,
  element: ElementType = 'f32',
): void {
  const { addresses } = placeBuffers(kernel, buffers);
  kernel.buffers.forEach(({ name: buffer }, index) => {
    const values = expected[buffer] ?? new Float32Array();
    const contents = buffers[buffer] ?? new Float32Array();
    const address = addresses[index] ?? 0;
    const actual = elementsIn(contents, memory.subarray(address, address + contents.byteLength));
    values.forEach((value, at) => {
      // NaN stands where anything may be written.
      if (Number.isNaN(value)) return;
      const difference = Math.abs((actual[at] ?? NaN) - value) / Math.max(1, Math.abs(value));
      if (difference < TOLERANCE[element] || actual[at] === value) return;
      expect.fail(`${name} (${kernel.name}): ${buffer}[${at}] is ${actual[at] ?? NaN}, expected ${value}`);
    });
  });
}
