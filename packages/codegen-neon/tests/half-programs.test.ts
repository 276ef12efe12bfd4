import { describe, expect, it } from 'vitest';

import { lowerGraph } from '@grim/kernels';

import { neonProfiles, strict } from '../src/index.ts';
import { crossCompilers, emulator } from './support/cross-compilers.ts';
import { runProgramEmulated } from './support/emulated-program.ts';
import { interpretedRuns, models } from './support/models.ts';
import { once } from './support/once.ts';

const profile = neonProfiles['cortex-a76'];

/** Long enough for a machine that compiles other things at the same time. */
const TIMEOUT_MS = 300_000;

/** What outputs of programs of halves may differ by from those of 32-bit floats, relative to the larger of 1 and the output. */
const TOLERANCE = 4e-3;

/** A program of halves, and what the interpreter computes with it and with the same model of 32-bit floats. */
const prepared = Object.entries(models).map(
  ([name, graph]) =>
    [
      name,
      once(() => {
        const model = graph();
        const program = lowerGraph(model, { target: profile, element: 'f16' });
        const { runs, expected: separate } = interpretedRuns(program);
        const fused = interpretedRuns(program, { multiplyAdd: 'fused' }).expected;
        const full = interpretedRuns(lowerGraph(model, { target: profile })).expected;
        return { program, runs, separate, fused, full };
      }),
    ] as const,
);

// One of both ways to round by each compiler: families are compiled by both in both.
const compilers = crossCompilers();
const builds = [
  { compiler: compilers.gcc, by: 'gcc, multiply-adds rounded twice', capabilities: strict(profile) },
  { compiler: compilers.clang, by: 'clang, multiply-adds rounded once', capabilities: profile },
];
for (const { compiler = [], by, capabilities } of builds) {
  describe
    .skipIf(compiler.length === 0 || emulator === undefined)
    .concurrent(`whole models of halves give the bits of the interpreter, by ${by}`, () => {
      it.each(prepared)('%s', { timeout: TIMEOUT_MS }, async (_, prepare) => {
        const { program, runs, separate, fused } = prepare();
        const outputs = await runProgramEmulated(
          program,
          compiler,
          ['-O2', '-march=armv8.2-a+fp16'],
          capabilities,
          runs,
        );
        const expected = capabilities.multiplyAdd === 'fused' ? fused : separate;
        // Once, and once more after a reset.
        expect([...outputs]).toEqual([...expected, ...expected]);
      });
    });
}

describe('whole models of halves are close to those of 32-bit floats', () => {
  it.each(prepared)('%s', { timeout: TIMEOUT_MS }, (_, prepare) => {
    const { separate, fused, full } = prepare();
    for (const outputs of [separate, fused]) {
      expect(outputs).toHaveLength(full.length);
      const differences = full.map(
        (value, index) => Math.abs((outputs[index] ?? NaN) - value) / Math.max(1, Math.abs(value)),
      );
      expect(Math.max(...differences)).toBeLessThan(TOLERANCE);
    }
  });
});
