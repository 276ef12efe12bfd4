import { describe, expect, it } from 'vitest';

import { sampleGrids } from '@grim/kernels';

import { openclProfiles, renderKernel } from '../src/index.ts';

const profile = openclProfiles.generic;

describe('emitted OpenCL C text', () => {
  for (const [name, grid] of Object.entries(sampleGrids)) {
    it(name, async () => {
      const { kernel } = grid({ limits: profile });
      const text = renderKernel(kernel, profile);
      // Compilers of some drivers read nothing else.
      expect(text).toMatch(/^[\n -~]*$/);
      await expect(`${text}\n`).toMatchFileSnapshot(`./snapshots/${name.replaceAll(' ', '-')}.cl`);
    });
  }
});
