import { describe, expect, it } from 'vitest';

import { sampleGrids, sampleHalfKernels, type Kernel } from '@grim/kernels';

import { openclProfiles, renderKernel, type OpenclCapabilities } from '../src/index.ts';

const { adreno, generic } = openclProfiles;

/** Samples with the capabilities that they are rendered for: those of halves need some that have them. */
const samples: [name: string, kernel: Kernel, capabilities: OpenclCapabilities][] = [
  ...Object.entries(sampleGrids).map(([name, grid]): (typeof samples)[number] => [
    name,
    grid({ limits: generic }).kernel,
    generic,
  ]),
  ...Object.entries(sampleHalfKernels).map(([name, kernel]): (typeof samples)[number] => [
    name,
    kernel,
    adreno,
  ]),
];

describe('emitted OpenCL C text', () => {
  it.each(samples)('%s', async (name, kernel, capabilities) => {
    const text = renderKernel(kernel, capabilities);
    // Compilers of some drivers read nothing else.
    expect(text).toMatch(/^[\n -~]*$/);
    await expect(`${text}\n`).toMatchFileSnapshot(`./snapshots/${name.replaceAll(' ', '-')}.cl`);
  });
});
