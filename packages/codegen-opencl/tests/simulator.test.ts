import { describe, expect, it } from 'vitest';

import { kernelFamilies } from '@grim/kernels';

import { hasSimulator, runSimulatedScript } from './support/run-simulated.ts';

describe.skipIf(!hasSimulator)('a simulator that watches every access', () => {
  it('reports races and accesses out of bounds', async () => {
    const output = await runSimulatedScript('faulty-kernels.ts');
    expect(output).toMatch(/write-write data race/i);
    expect(output).toMatch(/Invalid read of size 4/);
  });

  it('finds none in a sample of every family, whose bytes are those of the interpreter', async () => {
    const output = await runSimulatedScript('check-families.ts');
    const lines = output.trim().split('\n');
    expect(lines.map((line) => line.replace(/: \d+/, ': n'))).toEqual(
      kernelFamilies.map(({ name }) => `${name}: n cases`),
    );
  });
});
