import { kernelFamilies } from '@grim/kernels';

import { relaxedSimd } from '../../src/index.ts';
import { instantiateKernels, placeBuffers } from './kernel-module.ts';
import { noise } from './random-graph.ts';

/**
 * Runs every case of every kernel family with relaxed SIMD, in an engine that was started with it, and compares what it
 * writes with the plain definition of the family. Prints, by family, the number of cases and the largest difference
 * relative to the larger of 1 and the value.
 */
const report: Record<string, { cases: number; largest: number; where: string }> = {};
for (const family of kernelFamilies) {
  const cases = [...family.cases(noise(5))];
  const kernels = new Map(cases.map(({ kernel }) => [kernel.name, kernel]));
  const [memory, exports] = await instantiateKernels(kernels, relaxedSimd);
  const entry = { cases: cases.length, largest: 0, where: '' };
  for (const { name, kernel, buffers, expected } of cases) {
    const [contents, addresses] = placeBuffers(kernel, buffers);
    new Uint8Array(memory.buffer).set(contents);
    (exports[kernel.name] as (...addresses: number[]) => void)(...addresses);
    kernel.buffers.forEach(({ name: buffer }, index) => {
      const values = expected[buffer] ?? new Float32Array();
      const actual = new Float32Array(memory.buffer, addresses[index], values.length);
      values.forEach((value, at) => {
        // NaN stands where anything may be written.
        if (Number.isNaN(value)) return;
        const difference = Math.abs((actual[at] ?? NaN) - value) / Math.max(1, Math.abs(value));
        if (difference <= entry.largest) return;
        entry.largest = difference;
        entry.where = `${name}: ${buffer}[${String(at)}]`;
      });
    });
  }
  report[family.name] = entry;
}
console.log(JSON.stringify(report));
