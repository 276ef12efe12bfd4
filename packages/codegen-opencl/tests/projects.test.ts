import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

import { interpretProgram, lowerGraph, workItemTarget, type ElementType } from '@grim/kernels';
import { requireToolchain } from '@grim/toolchains';

import {
  gridTarget,
  openclProfiles,
  renderProject,
  strict,
  type OpenclProfile,
  type ProjectOptions,
  type SampleStep,
} from '../src/index.ts';
import { hasDevice } from './support/device.ts';
import { inputsOf, models } from './support/models.ts';
import { noise } from './support/noise.ts';
import { hasSimulator, runSimulated } from './support/run-simulated.ts';

const run = promisify(execFile);
const gcc = requireToolchain('hostCompiler');
const clang = requireToolchain('clang');
const hasHeaders = requireToolchain('openclHeaders') !== undefined;
const canBuild = gcc !== undefined && clang !== undefined && hasHeaders;
const warnings = ['-std=c11', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror'];
const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Writes the project of a model, with weights in images unless told otherwise, and returns its folder. */
function writeProject(
  model: string,
  isStrict: boolean,
  {
    device = 'adreno',
    element = 'f32',
    ...options
  }: ProjectOptions & { readonly device?: OpenclProfile; readonly element?: ElementType } = {},
): string {
  const profile = openclProfiles[device];
  const graph = models[model]?.() ?? expect.fail();
  const interpreter = interpretProgram(lowerGraph(graph, { target: workItemTarget }));
  const next = noise(5);
  const samples = Array.from({ length: 2 }, (): SampleStep => {
    const inputs = inputsOf(graph, next);
    const outputs = Object.entries(interpreter.run(inputs)).map(([name, { data }]) => [name, data] as const);
    return { inputs, outputs: Object.fromEntries(outputs) };
  });
  const program = lowerGraph(graph, { grid: gridTarget(profile), element });
  const files = renderProject(program, isStrict ? strict(profile) : profile, samples, options);
  const folder = mkdtempSync(join(tmpdir(), 'grim-opencl-'));
  folders.push(folder);
  for (const [name, contents] of files) writeFileSync(join(folder, name), contents);
  return folder;
}

/** Compiles a program of a project without a warning and returns its path. */
async function build(
  folder: string,
  sources: readonly string[],
  compiler = gcc ?? '',
  flags: readonly string[] = sanitizers,
): Promise<string> {
  const program = join(folder, flags.length > 0 ? 'sanitized' : 'program');
  const paths = sources.map((source) => join(folder, source));
  await run(compiler, [...warnings, '-O1', ...flags, ...paths, '-o', program, '-lOpenCL', '-lm']);
  return program;
}

/** An environment in which what the driver leaks is no error: it never frees images over buffers, nor all of its compiler. */
const withoutLeaks: NodeJS.ProcessEnv = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };

/** An environment without any driver. */
const nowhere = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  OCL_ICD_VENDORS: join(folder, 'nothing'),
});

const sourcesOf = (prefix: string): string[] =>
  ['', '_kernels', '_weights', '_samples', '_test'].map((part) => `${prefix}${part}.c`);

describe.skipIf(!canBuild || !hasDevice)('the project of a model', () => {
  it.each(Object.keys(models).filter((model) => model !== 'voice activity detection'))(
    'of %s gives the stored outputs bit for bit, under sanitizers and under the simulator',
    async (model) => {
      const folder = writeProject(model, true);
      const bits = 'model: all outputs are equal, bit for bit\n';
      const sanitized = await build(folder, sourcesOf('model'));
      expect(await run(sanitized, { env: withoutLeaks })).toEqual({ stdout: bits, stderr: '' });
      const plain = await build(folder, sourcesOf('model'), clang, []);
      if (hasSimulator) expect(await runSimulated(plain, [])).toBe(bits);
      // It could not run, which is not the same as a wrong result.
      await expect(run(plain, { env: nowhere(folder) })).rejects.toMatchObject({
        code: 2,
        stdout: '',
        stderr: 'model: no OpenCL device\n',
      });
    },
  );

  it('stays within its tolerance where multiply-adds are fused, with weights in a file', async () => {
    const folder = writeProject('a GRU, dense', false, { prefix: 'gru', weights: 'binary' });
    const program = await build(
      folder,
      sourcesOf('gru').filter((name) => name !== 'gru_weights.c'),
    );
    const { stdout } = await run(program, [join(folder, 'gru_weights.bin')], { env: withoutLeaks });
    expect(stdout).toMatch(/^gru: greatest relative difference \S+, allowed 0.0001\n$/);
  });

  it('of 16-bit floats says so on a device that has none', async () => {
    const folder = writeProject('a GRU, pruned', false, { element: 'f16' });
    await expect(run(await build(folder, sourcesOf('model')))).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'model: the device does not compute with 16-bit floats (cl_khr_fp16), as the kernels do\n',
    });
  });

  it('says what is wrong: no device, none of that name, memory that is not aligned; contexts share and go', async () => {
    const folder = writeProject('a GRU, dense', true, { device: 'generic' });
    writeFileSync(
      join(folder, 'main.c'),
      `#include "model.h"
#include "model_samples.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

static alignas(16) unsigned char one[MODEL_CONTEXT_BYTES + 16];
static alignas(16) unsigned char two[MODEL_CONTEXT_BYTES];
static float scores[5];

static int steps(model_context *context) {
  for (int step = 0; step < MODEL_SAMPLES; step++) {
    if (model_step(context, model_sample_input_x[step], scores) != 0) return 0;
    if (memcmp(scores, model_sample_output_scores[step], sizeof scores) != 0) return 0;
  }
  return 1;
}

int main(void) {
  if (model_init(one + 1, model_weights) != NULL) return 1;
  puts(model_failure());
  if (model_init(one, NULL) != NULL) return 2;
  puts(model_failure());
  if (model_init_on(one, model_weights, "a device of nobody") != NULL) return 3;
  puts(model_failure());
  model_context *const first = model_init(one, model_weights);
  if (first == NULL) {
    puts(model_failure());
    return 4;
  }
  model_context *const second = model_init_beside(two, first);
  if (second == NULL || !steps(first)) return 5;
  model_release(first);
  if (!steps(second)) return 6;
  if (model_reset(second) != 0 || !steps(second)) return 7;
  model_release(second);
  return 0;
}
`,
    );
    const sources = sourcesOf('model').filter((name) => name !== 'model_test.c');
    const program = await build(folder, [...sources, 'main.c']);
    const refusals = [
      'the memory of a context is NULL or not aligned to 16',
      'there are no weights',
      'no OpenCL device named a device of nobody',
    ];
    await run(program, { env: withoutLeaks });
    // The kernels are compiled now, and all that a program leaks is its own.
    expect((await run(program)).stdout).toBe([...refusals, ''].join('\n'));
    await expect(run(program, { env: nowhere(folder) })).rejects.toMatchObject({
      code: 4,
      stdout: [...refusals, 'no OpenCL device', ''].join('\n'),
    });
  });
});

describe('the files of a project', () => {
  it('are named after the prefix, and the header documents the functions', () => {
    const graph = models['a GRU, dense']?.() ?? expect.fail();
    const profile = openclProfiles.generic;
    const program = lowerGraph(graph, { grid: gridTarget(profile) });
    const sample = { inputs: { x: new Float32Array(24) }, outputs: { scores: new Float32Array(5) } };
    const files = renderProject(program, profile, [sample], { prefix: 'gru', weights: 'binary' });
    expect([...files.keys()].sort()).toEqual([
      ...['CMakeLists.txt', 'README.md', 'gru.c', 'gru.h', 'gru_benchmark.c', 'gru_kernels.c'],
      ...['gru_kernels.cl', 'gru_samples.c', 'gru_samples.h', 'gru_test.c', 'gru_weights.bin'],
    ]);
    expect(files.get('gru.h')).toContain(
      'int gru_step(gru_context *context, const float *input_x, float *output_scores);',
    );
    expect(files.get('gru.h')).not.toContain('extern const');
  });
});
