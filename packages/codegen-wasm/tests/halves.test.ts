import { describe, expect, it } from 'vitest';

import { GrimError } from '@grim/ir';
import { sampleHalfKernels } from '@grim/kernels';

import { relaxedSimd, renderKernel, strictSimd } from '../src/index.ts';

describe('kernels of 16-bit floats are refused by name', () => {
  it.each(Object.entries(sampleHalfKernels))('%s', (_, kernel) => {
    for (const capabilities of [strictSimd, relaxedSimd]) {
      const render = (): string => renderKernel(kernel, capabilities);
      expect(render).toThrow(GrimError);
      expect(render).toThrow(`kernel ${kernel.name} has 16-bit floats, which WebAssembly has not`);
    }
  });
});
