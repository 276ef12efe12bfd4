import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { kernelFamilies } from '@grim/kernels';

import { renderSource, strict } from '../src/index.ts';
import type { OpenclDevice } from '../src/node.ts';
import { hasDevice, openTestDevice } from './support/device.ts';
import { expectClose, expectSameBytes, runOnDevice, type GridCase } from './support/run-case.ts';
import { sampledGrids } from './support/sampled-grids.ts';

/**
 * What one rounding in place of two may change, relative to the larger of 1 and the value by the family's definition in double
 * precision: the bound that relaxed WebAssembly and NEON are held to as well.
 */
const FUSED_TOLERANCE = 5e-5;

/** Cases of a family whose strict code is compared bit for bit, and of its fused code. A device takes most of a second for each. */
const STRICT_CASES = 10;
const FUSED_CASES = 3;

describe.skipIf(!hasDevice)('every kernel family on a device', () => {
  let device: OpenclDevice;
  beforeAll(() => {
    device = openTestDevice();
  });
  afterAll(() => {
    device.close();
  });

  const runAll = (cases: readonly GridCase[], isStrict: boolean): void => {
    const { capabilities } = device;
    const kernels = cases.map(({ grid }) => grid.kernel);
    const program = device.compile(renderSource(kernels, isStrict ? strict(capabilities) : capabilities));
    for (const gridCase of cases) {
      const memories = runOnDevice(device, program, gridCase);
      if (isStrict) expectSameBytes(gridCase, memories);
      else expectClose(gridCase, memories, FUSED_TOLERANCE);
    }
    program.release();
    expect(cases.length).toBeGreaterThan(0);
  };

  describe('strict code gives bit for bit what the interpreter computes', () => {
    it.each(kernelFamilies)('$name', (family) => {
      runAll(sampledGrids(family, device.capabilities, STRICT_CASES, 3), true);
    });
  });

  describe('fused multiply-adds stay close to the definition', () => {
    it.each(kernelFamilies)('$name', (family) => {
      runAll(sampledGrids(family, device.capabilities, FUSED_CASES, 5), false);
    });
  });
});
