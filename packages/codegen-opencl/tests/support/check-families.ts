import { kernelFamilies, type KernelCase } from '@grim/kernels';

import { renderSource, strict } from '../../src/index.ts';
import { openDevice } from '../../src/node.ts';
import { runInterpreted, runOnDevice } from './run-case.ts';
import { sampledGrids } from './sampled-grids.ts';

// Runs some cases of every family on the first device and says which give other bytes than the interpreter: a program of its own, to
// be run under a simulator that watches every access.

/** Cases of a family, of those that are small enough for a simulator. */
const CASES = 20;

const device = openDevice();
const { capabilities } = device;
const isSmall = ({ buffers }: KernelCase): boolean =>
  Object.values(buffers).reduce((sum, { byteLength }) => sum + byteLength, 0) < 2 ** 15;

for (const family of kernelFamilies) {
  const cases = sampledGrids(family, capabilities, 2 * CASES, 7)
    .filter(({ tested }) => isSmall(tested))
    .slice(0, CASES);
  const kernels = cases.map(({ grid }) => grid.kernel);
  const program = device.compile(renderSource(kernels, strict(capabilities)));
  for (const gridCase of cases) {
    const actual = runOnDevice(device, program, gridCase).map((bytes) => Buffer.from(bytes));
    const expected = runInterpreted(gridCase);
    if (actual.some((bytes, index) => !bytes.equals(expected[index] ?? new Uint8Array()))) {
      console.log(`${gridCase.grid.kernel.name} differs`);
    }
  }
  program.release();
  console.log(`${family.name}: ${String(cases.length)} cases`);
}
device.close();
