import { describe, expect, it } from 'vitest';

import { sampleKernels } from '@grim/kernels';

import { renderKernel } from '../src/index.ts';

describe('emitted WebAssembly text', () => {
  for (const [name, kernel] of Object.entries(sampleKernels)) {
    it(name, async () => {
      await expect(renderKernel(kernel)).toMatchFileSnapshot(`./snapshots/${name.replaceAll(' ', '-')}.wat`);
    });
  }
});
