import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeArtefact, type Graph } from '@grim/ir';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCompile, runPrune, type NeonCompileOptions, type NeonCompileResult } from '../src/index.ts';
import { anyNumber, arrayWith, stringLike } from './support/any.ts';
import { canCrossBuild, crossBuild } from './support/cross-build.ts';
import { vad, vadSettings } from './support/models.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** The VAD model as it is compiled by default. */
let dense: NeonCompileResult;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'grim-neon-'));
  dense = await runCompile({
    ...{ model: vad, ...vadSettings, target: 'neon', prefix: 'vad' },
    output: join(folder, 'project'),
  });
});

afterAll(() => {
  rmSync(join(dense.output, '..'), { recursive: true });
});

/** Compiles the VAD model into a folder of its own. */
async function compileVad(options: Partial<NeonCompileOptions> = {}) {
  const output = join(temporaryFolder(), 'project');
  return runCompile({ model: vad, ...vadSettings, ...options, target: 'neon', output });
}

/** A small image classifier that keeps no state; `y` of it has a name that is none in C. */
function classifier(): Graph {
  const values = (shape: readonly number[], seed: number) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) =>
      Math.sin((index + 1) * seed),
    ),
  });
  return {
    name: 'classifier */ #error',
    inputs: [{ name: 'image', shape: [1, 3, 9, 9] }],
    outputs: [{ name: 'class/probability', value: 'p' }],
    states: [],
    constants: new Map([
      ['filters', values([8, 3, 3, 3], 0.7)],
      ['classes', values([5, 8], 1.3)],
    ]),
    nodes: [
      {
        name: 'convolution\\',
        op: {
          kind: 'conv',
          strides: [2, 2],
          padsBegin: [1, 1],
          padsEnd: [1, 1],
          dilations: [1, 1],
          groups: 1,
          activation: { function: 'relu' },
        },
        inputs: ['image', 'filters', null],
        outputs: ['features'],
      },
      {
        name: 'mean',
        op: { kind: 'reduce', function: 'mean', axes: [2, 3], keepDims: false },
        inputs: ['features'],
        outputs: ['pooled'],
      },
      { name: 'scores', op: { kind: 'linear' }, inputs: ['pooled', 'classes', null], outputs: ['scores'] },
      { name: 'softmax', op: { kind: 'softmax', axis: 1 }, inputs: ['scores'], outputs: ['p'] },
    ],
  };
}

describe('what is written', () => {
  test('a folder that says what it holds', () => {
    const result = dense;
    expect(result).toMatchObject({
      target: 'neon',
      cpu: 'cortex-a76',
      strict: false,
      contextBytes: anyNumber,
      weightBytes: anyNumber,
      calls: arrayWith(expect.objectContaining({ layer: stringLike(/LSTM$/), padding: anyNumber })),
    });
    const names = readdirSync(result.output).sort();
    expect(names).toEqual(result.files.map(({ name }) => name).sort());
    expect(names).toEqual(
      [
        ...['CMakeLists.txt', 'README.md', 'vad.c', 'vad.d.mts', 'vad.h', 'vad.mjs'],
        ...['vad_benchmark.c', 'vad_samples.c'],
        ...['vad_samples.h', 'vad_test.c', 'vad_weights.c'],
      ].sort(),
    );
    for (const { name, bytes } of result.files) {
      expect(readFileSync(join(result.output, name)).length, name).toBe(bytes);
    }
    const readMe = readFileSync(join(result.output, 'README.md'), 'utf8');
    expect(readMe).toMatch(/Made by grim \S+ from silero_vad_v5.onnx \(SHA-256 [0-9a-f]{64}\)/);
    const header = readFileSync(join(result.output, 'vad.h'), 'utf8');
    expect(header).toContain(`#define VAD_CONTEXT_BYTES ${result.contextBytes}\n`);
    expect(header).toContain(
      'void vad_step(vad_context *context, const float *input_input, float *output_output);',
    );
  });

  test('a typed module for a library of it, with the sizes and functions that the header has', async () => {
    const { output, contextBytes, weightBytes, bindings } = await compileVad({
      prefix: 'vad',
      weights: 'binary',
    });
    expect(bindings).toEqual([join(output, 'vad.mjs'), join(output, 'vad.d.mts')]);
    const [module = '', declaration = ''] = bindings.map((file) => readFileSync(file, 'utf8'));
    expect(module).toContain(`vadMemory = { contextBytes: ${contextBytes}, weightBytes: ${weightBytes} };`);
    expect(module).toContain("'void vad_step(void *context, const float *, float *)'");
    expect(declaration).toContain('bindVad(library: VadLibrary, weights: Uint8Array): VadModel;');
    expect(declaration).toContain(' * - Source: silero_vad_v5.onnx\n');
    expect(declaration).toContain(' * - Code: C with NEON intrinsics for cortex-a76\n');
    const header = readFileSync(join(output, 'vad.h'), 'utf8');
    for (const name of ['vad_init', 'vad_step', 'vad_reset']) {
      expect(header).toMatch(new RegExp(`^\\w+ \\*?${name}\\(`, 'm'));
      expect(module).toContain(`${name}(void *`);
    }
  });

  test('no typed module when none is wanted', async () => {
    const { output, bindings } = await compileVad({ bindings: false });
    expect(bindings).toEqual([]);
    expect(readdirSync(output).filter((name) => /\.(?:mjs|mts)$/.test(name))).toEqual([]);
  });

  test('is the same every time', async () => {
    const again = await compileVad({ prefix: 'vad' });
    for (const { name } of dense.files) {
      const [one, other] = [dense, again].map(({ output }) => readFileSync(join(output, name)));
      // Not by elements, of which there are millions.
      expect(one && other && one.equals(other), name).toBe(true);
    }
  });

  test('pruned weights make it smaller, and only they are useful', async () => {
    const pruned = join(temporaryFolder(), 'pruned.grim');
    const block = { rows: 64, columns: 128 };
    await runPrune({
      ...{ model: vad, output: pruned, ...vadSettings },
      ...{ method: 'magnitude', rate: 4, block, split: 'columns' },
    });
    const sparse = await runCompile({
      ...{ model: pruned, target: 'neon', output: join(temporaryFolder(), 'project') },
    });
    expect(sparse.weightBytes).toBeLessThan(dense.weightBytes / 2);
    expect(sparse.usefulMacs).toBeLessThan(dense.usefulMacs / 2);
  });
});

describe('16-bit floats', () => {
  test('take half the memory, and say so wherever they matter', async () => {
    const halves = await compileVad({ precision: 'f16', prefix: 'vad' });
    expect(halves.precision).toBe('f16');
    expect(halves.weightBytes).toBeLessThan(0.52 * dense.weightBytes);
    expect(halves.contextBytes).toBeLessThan(0.75 * dense.contextBytes);
    expect(halves.usefulMacs).toBe(dense.usefulMacs);
    const text = (name: string) => readFileSync(join(halves.output, name), 'utf8');
    expect(text('README.md')).toContain('that computes with 16-bit floats (ARMv8.2 `fp16`)');
    expect(text('CMakeLists.txt')).toContain('target_compile_options(vad PRIVATE -march=armv8.2-a+fp16)');
    expect(text('vad.d.mts')).toContain('C with NEON intrinsics for cortex-a76, 16-bit floats\n');
    expect(readFileSync(join(dense.output, 'CMakeLists.txt'), 'utf8')).not.toContain('fp16');
  });
});

describe.skipIf(!canCrossBuild)('what is built of it', () => {
  test('passes its self-test on an emulated phone, and times itself', async () => {
    const { output, usefulMacs } = dense;
    const build = await crossBuild(output, 'gcc');
    const tested = await build.test();
    expect(tested).toMatchObject({ code: 0 });
    expect(tested.output).toMatch(/vad: greatest relative difference \S+, allowed 0\.0001/);
    const timed = await build.run('vad_benchmark', '0.01');
    expect(timed.code).toBe(0);
    const [, median = '', speed = ''] =
      /^vad: median (\d+) ns per run, .* runs\)\n([\d.]+) useful GMAC\/s\n$/.exec(timed.output) ?? [];
    expect(Number(speed)).toBeCloseTo(usefulMacs / Number(median), 2);
  });

  test('of 16-bit floats comes close to 32 bits, on a processor that has them', async () => {
    const fused = await compileVad({ precision: 'f16' });
    const strict = await compileVad({ precision: 'f16', strict: true, weights: 'binary' });
    const builds = await Promise.all([crossBuild(fused.output, 'gcc'), crossBuild(strict.output, 'clang')]);
    for (const build of builds) {
      const { code, output } = await build.test();
      expect(code, output).toBe(0);
      const [, difference = ''] = /greatest relative difference (\S+), allowed 0\.03/.exec(output) ?? [];
      expect(Number(difference)).toBeGreaterThan(0);
      expect(Number(difference)).toBeLessThan(0.02);
    }
  });

  test('passes its self-test as a shared library, as foreign function interfaces open it', async () => {
    const { output } = await compileVad({ strict: true });
    const build = await crossBuild(output, 'gcc', '', ['-DBUILD_SHARED_LIBS=ON']);
    expect(readdirSync(build.folder)).toContain('libmodel.so');
    expect(await build.test()).toMatchObject({ code: 0, output: stringLike(/equal, bit for bit/) });
  });

  test('strict code gives stored outputs bit for bit, other weights do not', async () => {
    const { output } = await compileVad({ strict: true, weights: 'binary', prefix: 'vad' });
    const build = await crossBuild(output, 'clang');
    const weights = join(output, 'vad_weights.bin');
    expect(await build.test()).toMatchObject({ code: 0, output: stringLike(/equal, bit for bit/) });

    const changed = readFileSync(weights);
    // Floats in the middle; a single one may be a weight of a unit that is never active.
    const middle = Math.floor(changed.length / 8) * 4;
    for (let at = middle; at < middle + 64 * 4; at += 4) {
      changed.writeFloatLE(changed.readFloatLE(at) * 2 + 1, at);
    }
    writeFileSync(weights, changed);
    expect(await build.run('vad_test', weights)).toMatchObject({
      code: 1,
      output: stringLike(/output_output\[0\] of step \d is .*, expected/),
    });
    writeFileSync(weights, changed.subarray(0, -1));
    for (const operands of [[], [weights], [join(output, 'missing')]]) {
      expect((await build.run('vad_test', ...operands)).code).toBe(2);
    }
  });

  test(
    'is clean under sanitizers of addresses and of undefined behaviour',
    { timeout: 300_000 },
    async () => {
      const { output } = await compileVad({ strict: true });
      const [gcc, clang] = await Promise.all([
        crossBuild(output, 'gcc', '-fsanitize=address,undefined -fno-sanitize-recover=all'),
        // Its runtime is in no package for cross compilation; without one, it stops where behaviour is undefined.
        crossBuild(output, 'clang', '-fsanitize=undefined -fsanitize-trap=all'),
      ]);
      for (const build of [gcc, clang]) {
        expect(await build.test()).toMatchObject({ code: 0, output: stringLike(/equal, bit for bit/) });
      }
    },
  );

  test('is part of another project, two models side by side', async () => {
    const folder = temporaryFolder();
    const model = join(folder, 'classifier.grim');
    writeFileSync(
      model,
      writeArtefact({ graph: classifier(), provenance: { grimVersion: '0', options: {} } }),
    );
    await runCompile({ model, target: 'neon', output: join(folder, 'one'), prefix: 'one' });
    await runCompile({
      ...{ model: vad, ...vadSettings, target: 'neon', prefix: 'two', cpu: 'apple' },
      output: join(folder, 'two'),
    });
    writeFileSync(
      join(folder, 'CMakeLists.txt'),
      `cmake_minimum_required(VERSION 3.16)
project(application LANGUAGES C)
add_subdirectory(one)
add_subdirectory(two)
add_executable(application application.c)
target_link_libraries(application PRIVATE one two)
`,
    );
    writeFileSync(
      join(folder, 'application.c'),
      `#include "one.h"
#include "two.h"
#include <stdalign.h>
#include <stdio.h>

static alignas(16) unsigned char first[ONE_CONTEXT_BYTES];
static alignas(16) unsigned char second[TWO_CONTEXT_BYTES];

int main(void) {
  static float image[3 * 9 * 9], frame[576], classes[5], speech[1];
  one_context *classifier = one_init(first, one_weights);
  two_context *vad = two_init(second, two_weights);
  if (classifier == NULL || vad == NULL) return 1;
  if (one_init(NULL, one_weights) != NULL || one_init(first, NULL) != NULL) return 2;
  if (one_init(first + 4, one_weights) != NULL || one_init(first, one_weights + 4) != NULL) return 3;
  one_run(classifier, image, classes);
  two_step(vad, frame, speech);
  printf("%.3f\\n", (double)(classes[0] + classes[1] + classes[2] + classes[3] + classes[4]));
  return speech[0] >= 0 && speech[0] <= 1 ? 0 : 4;
}
`,
    );
    const build = await crossBuild(folder, 'clang', '', ['-DONE_TOOLS=ON']);
    expect(await build.run('application')).toEqual({ code: 0, output: '1.000\n' });
    expect(await build.run('one/one_test')).toMatchObject({
      code: 0,
      output: stringLike(/^one: greatest relative difference /),
    });
  });
});
