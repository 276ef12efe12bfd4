import { describe, expect, it } from 'vitest';

import { sampleHalfKernels, sampleKernels } from '@grim/kernels';

import { neonProfiles, renderKernel } from '../src/index.ts';

describe('emitted C text', () => {
  for (const [name, kernel] of Object.entries({ ...sampleKernels, ...sampleHalfKernels })) {
    it(name, async () => {
      const text = renderKernel(kernel, neonProfiles['cortex-a76']);
      await expect(`${text}\n`).toMatchFileSnapshot(`./snapshots/${name.replaceAll(' ', '-')}.c`);
    });
  }
});
