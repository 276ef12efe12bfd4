import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireToolchain } from '@grim/toolchains';
import { describe, expect, test } from 'vitest';
import { runCompile, type OpenclCompileOptions } from '../src/index.ts';
import { anyNumber } from './support/any.ts';
import { vad, vadSettings } from './support/models.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const run = promisify(execFile);
const tools = [
  ...[requireToolchain('pocl'), requireToolchain('openclHeaders')],
  ...[requireToolchain('cmake'), requireToolchain('hostCompiler')],
];
const canBuild = tools.every((tool) => tool !== undefined);

/** Compiles the VAD model into a folder of its own. */
async function compileVad(options: Partial<OpenclCompileOptions> = {}) {
  const output = join(temporaryFolder(), 'project');
  return runCompile({ model: vad, ...vadSettings, ...options, target: 'opencl', output });
}

test('a folder says what it holds', async () => {
  const result = await compileVad({ prefix: 'vad', device: 'mali', weights: 'binary' });
  expect(result).toMatchObject({
    ...{ target: 'opencl', device: 'mali', strict: false, prefix: 'vad' },
    ...{ contextBytes: anyNumber, deviceBytes: anyNumber, weightBytes: anyNumber, usefulMacs: anyNumber },
  });
  const names = readdirSync(result.output).sort();
  expect(names).toEqual(result.files.map(({ name }) => name).sort());
  expect(names).toEqual(
    [
      ...[
        'CMakeLists.txt',
        'README.md',
        'vad.c',
        'vad.h',
        'vad_benchmark.c',
        'vad_kernels.c',
        'vad_kernels.cl',
      ],
      ...['vad_samples.c', 'vad_samples.h', 'vad_test.c', 'vad_weights.bin'],
      ...['vad.d.mts', 'vad.mjs'],
    ].sort(),
  );
  const readMe = readFileSync(join(result.output, 'README.md'), 'utf8');
  expect(readMe).toMatch(/Made by grim \S+ from silero_vad_v5.onnx \(SHA-256 [0-9a-f]{64}\)/);
  expect(readMe).toContain('divided for Mali');
});

test('a typed module for a library of it, with the functions that the header has', async () => {
  const { output, contextBytes, weightBytes, deviceBytes, bindings } = await compileVad({ prefix: 'vad' });
  expect(bindings).toEqual([join(output, 'vad.mjs'), join(output, 'vad.d.mts')]);
  const [module = '', declaration = ''] = bindings.map((file) => readFileSync(file, 'utf8'));
  expect(module).toContain(`vadMemory = { contextBytes: ${contextBytes}, weightBytes: ${weightBytes} };`);
  expect(declaration).toContain('bindVad(library: VadLibrary, device?: string): VadModel;');
  expect(declaration).toContain(' * - Code: OpenCL, divided for any device with OpenCL 1.2\n');
  expect(declaration).toContain(` * - Memory: ${deviceBytes} bytes a session on the device, `);
  const header = readFileSync(join(output, 'vad.h'), 'utf8');
  for (const name of [
    'vad_init_on',
    'vad_init_beside',
    'vad_step',
    'vad_reset',
    'vad_release',
    'vad_failure',
  ]) {
    expect(header).toMatch(new RegExp(`^(?:const )?\\w+ \\*?${name}\\(`, 'm'));
    expect(module).toContain(`${name}(`);
  }
  expect((await compileVad({ bindings: false })).bindings).toEqual([]);
});

test('16-bit floats take half the memory, on devices that have them', async () => {
  const [halves, floats] = await Promise.all([
    compileVad({ precision: 'f16', device: 'mali' }),
    compileVad({ device: 'mali' }),
  ]);
  expect(halves.precision).toBe('f16');
  expect(halves.weightBytes).toBeLessThan(0.52 * floats.weightBytes);
  expect(halves.deviceBytes).toBeLessThan(0.75 * floats.deviceBytes);
  const text = (name: string) => readFileSync(join(halves.output, name), 'utf8');
  expect(text('model_kernels.cl')).toContain('#pragma OPENCL EXTENSION cl_khr_fp16 : enable');
  expect(text('README.md')).toContain('that computes with 16-bit floats (`cl_khr_fp16`)');
  expect(text('model.d.mts')).toContain('OpenCL, divided for Mali-G7x and later, 16-bit floats\n');
  await expect(compileVad({ precision: 'f16' })).rejects.toThrow(
    '--precision f16 needs a --device that computes with 16-bit floats, which any device with OpenCL 1.2 does not',
  );
});

test('devices and prefixes that are not known are refused', async () => {
  await expect(compileVad({ device: 'gameboy' as 'mali' })).rejects.toThrow(
    'device gameboy is not known; available: generic, adreno, mali',
  );
  await expect(compileVad({ prefix: '1st' })).rejects.toThrow('prefix 1st is not a name in C');
});

describe.skipIf(!canBuild)('what is built of it', () => {
  test('passes its self-test bit for bit, and times itself', async () => {
    const { output } = await compileVad({ prefix: 'vad', strict: true });
    const build = join(output, 'build');
    const flags = '-Wall -Wextra -Wpedantic -Wconversion -Werror';
    await run('cmake', ['-S', output, '-B', build, `-DCMAKE_C_FLAGS=${flags}`]);
    await run('cmake', ['--build', build]);
    await run('ctest', ['--test-dir', build, '--output-on-failure']);
    const tested = await run(join(build, 'vad_test'));
    expect(tested.stdout).toBe('vad: all outputs are equal, bit for bit\n');
    const timed = await run(join(build, 'vad_benchmark'), ['0.01']);
    expect(timed.stdout).toMatch(/^vad: median \d+ ns per run, .* runs\)\n[\d.]+ useful GMAC\/s\n$/);
  });
});
