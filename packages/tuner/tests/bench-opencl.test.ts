import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { writeArtefact } from '@grim/ir';
import { requireToolchain } from '@grim/toolchains';
import { describe, expect, test } from 'vitest';
import { runBench, runCompile } from '../src/index.ts';
import { anyNumber, stringLike } from './support/any.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** One layer, y = W x. */
function writeLayer(): string {
  const file = join(temporaryFolder(), 'layer.grim');
  const data = Float32Array.from({ length: 64 * 64 }, (_, index) => Math.sin(index * index));
  const graph = {
    name: 'layer',
    inputs: [{ name: 'x', shape: [1, 64] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([['w', { shape: [64, 64], data }]]),
    nodes: [{ name: 'product', op: { kind: 'linear' as const }, inputs: ['x', 'w', null], outputs: ['y'] }],
  };
  writeFileSync(file, writeArtefact({ graph, provenance: { grimVersion: '0.1.0', options: {} } }));
  return file;
}

describe.skipIf(requireToolchain('pocl') === undefined)('a device beside the processor', () => {
  test('is a side of its own, named after the device', async () => {
    for (const strict of [false, true]) {
      const { sides, ratios } = await runBench({ model: writeLayer(), opencl: 'pthread', runs: 20, strict });
      expect(sides).toMatchObject([
        { name: 'grim', p50: anyNumber },
        { name: stringLike(/^opencl pthread/), threads: 1, p50: anyNumber, p99: anyNumber, runs: 20 },
      ]);
      expect(ratios).toEqual([{ name: 'grim', baseline: sides[1]?.name, ratio: anyNumber }]);
    }
  });

  test('has to be there, and the model needs a graph', async () => {
    const model = writeLayer();
    await expect(runBench({ model, opencl: 'a device of nobody', runs: 1 })).rejects.toThrow(
      /^there is no OpenCL device named a device of nobody; there are pthread/,
    );
    const { output } = await runCompile({ model, output: join(temporaryFolder(), 'compiled.grim') });
    await expect(runBench({ model: output, opencl: '', runs: 1 })).rejects.toThrow(
      'is compiled and holds no graph',
    );
  });

  test('is missed in one line where there is no driver, and only where it is asked for', async () => {
    const folder = temporaryFolder();
    const model = writeLayer();
    const main = pathToFileURL(join(import.meta.dirname, '../src/cli.ts')).href;
    const register = new URL('../../../tools/typescript/src/register.mjs', import.meta.url).href;
    const grim = (...operands: string[]): Promise<{ stdout: string; stderr: string }> =>
      promisify(execFile)(
        process.execPath,
        ['--conditions=@grim/source', '--import', register, new URL(main).pathname, ...operands],
        { env: { ...process.env, OCL_ICD_VENDORS: join(folder, 'nothing') } },
      );
    await expect(grim('bench', model, '--opencl', '--runs', '1')).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'grim: OpenCL is installed, but there is no device; install a driver, such as pocl-opencl-icd on Debian\n',
    });
    const { stderr } = await grim('compile', model, '--target', 'opencl', '-o', join(folder, 'project'));
    expect(stderr).toBe('');
  });
});
