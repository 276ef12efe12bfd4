import { describe, expect, it } from 'vitest';

import { lowerGraph } from '@grim/kernels';

import { neonProfiles, renderProgram, strict, type NeonCapabilities } from '../src/index.ts';
import { crossCompilers, emulator } from './support/cross-compilers.ts';
import { runProgramEmulated } from './support/emulated-program.ts';
import { interpretedRuns, models, runningMaximum } from './support/models.ts';
import { once } from './support/once.ts';

const profile = neonProfiles['cortex-a76'];

/** Long enough for a machine that compiles other things at the same time. */
const TIMEOUT_MS = 300_000;

/** Models as programs, and what the interpreter computes with them. */
const prepared = Object.entries(models).map(
  ([name, graph]) =>
    [
      name,
      once(() => {
        const program = lowerGraph(graph(), { target: profile });
        return { program, ...interpretedRuns(program) };
      }),
    ] as const,
);

for (const [compilerName, compiler = []] of Object.entries(crossCompilers())) {
  describe
    .skipIf(compiler.length === 0 || emulator === undefined)
    .concurrent(`whole models, by ${compilerName}`, () => {
      it.each(prepared)('%s', { timeout: TIMEOUT_MS }, async (name, prepare) => {
        const { program, runs, expected } = prepare();
        const isSparse = program.calls.some(({ path }) => path.startsWith('sparse'));
        expect(isSparse).toBe(name.endsWith('pruned'));
        const outputs = async (capabilities: NeonCapabilities): Promise<number[]> => [
          ...(await runProgramEmulated(program, compiler, ['-O2'], capabilities, runs)),
        ];
        // Once, and once more after a reset.
        expect(await outputs(strict(profile))).toEqual([...expected, ...expected]);
        (await outputs(profile)).forEach((value, index) => {
          expect(value).toBeCloseTo(expected[index % expected.length] ?? NaN, 4);
        });
      });
    });
}

describe('the files of a program', () => {
  const program = lowerGraph(runningMaximum);

  it('are named after the prefix, as their functions and macros are', () => {
    const files = renderProgram(program, profile, { prefix: 'peak meter', weights: 'binary' });
    expect([...files.keys()]).toEqual(['peak_meter.h', 'peak_meter.c', 'peak_meter_weights.bin']);
    expect(files.get('peak_meter.h')).toContain('#define PEAK_METER_CONTEXT_BYTES ');
    expect(files.get('peak_meter.h')).not.toContain('extern const');
    expect(files.get('peak_meter_weights.bin')).toBeInstanceOf(Uint8Array);
  });

  it('state what the functions take', () => {
    const header = renderProgram(program, profile).get('model.h');
    expect(header).toContain(
      'void model_step(model_context *context, const float *input_x, float *output_peak);',
    );
    expect(header).toContain(
      ' * @param input_x 1 × 6 floats, row-major\n * @param output_peak 1 × 6 floats, row-major',
    );
  });
});
