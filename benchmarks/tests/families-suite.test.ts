import { kernelFamilies } from '@grim/kernels';
import { expect, test } from 'vitest';
import { measureKernel } from '../src/suites/families/measure-kernel.ts';
import { randomSource } from '../src/suites/layers/random-floats.ts';
import { summariseFamilies } from '../src/suites/families/summarise-families.ts';

const timing = { rounds: 1, sideMilliseconds: 0.001 };

/** Each kernel is computed by the reference too; on a machine with other work the family with the most takes minutes. */
const patience = 300_000;

test.each(kernelFamilies)(
  'the problems of $name compute what they should',
  async ({ name, benchmarks }) => {
    const problems = [...benchmarks(randomSource(2))];
    expect(problems.length).toBeGreaterThan(0);
    expect(new Set(problems.map((problem) => problem.name)).size).toBe(problems.length);
    for (const problem of problems) {
      const row = await measureKernel(name, problem, timing);
      expect(row).toMatchObject({ family: name, problem: problem.name, kernel: problem.kernel.name });
      for (const [column, value] of Object.entries(row)) {
        if (typeof value === 'number')
          expect(value, `${column} of ${problem.name}`).toBeGreaterThanOrEqual(0);
      }
      // Every buffer is used, and nothing is loaded or stored that was not touched.
      expect(row['touched_bytes']).toBeLessThanOrEqual(
        Number(row['loaded_bytes']) + Number(row['stored_bytes']),
      );
      // What is useful is computed; padding comes on top.
      expect(row['estimated_flops']).toBeGreaterThanOrEqual(
        multiplyAddsOnly.has(name) ? problem.usefulOperations : 0,
      );
    }
  },
  patience,
);

/** Families whose useful operations are all executed as such: functions are made of more than one operation. */
const multiplyAddsOnly = new Set(['spmv', 'spmm', 'csrSpmv', 'depthwise', 'depthwise2d', 'pool', 'reduce']);

test('a kernel that computes something else is not timed', async () => {
  const [problem] = kernelFamilies.find(({ name }) => name === 'reduce')?.benchmarks(randomSource(3)) ?? [];
  if (!problem) throw new Error('no problem');
  const wrong = { ...problem, expected: { output: new Float32Array(512).fill(7) } };
  await expect(measureKernel('reduce', wrong, timing)).rejects.toThrow(/output\[0\] is .*, expected 7/);
});

test('the summary has the mean of every family', () => {
  const rows = [
    { family: 'layerNorm', speedup: 2 },
    { family: 'layerNorm', speedup: 8 },
    { family: 'spmm', speedup: 3 },
  ];
  expect(summariseFamilies(rows)).toEqual({
    layer_norm_vs_plain: expect.closeTo(4, 9) as number,
    spmm_vs_plain: expect.closeTo(3, 9) as number,
  });
});
