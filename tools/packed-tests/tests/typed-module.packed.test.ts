import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { workspaceRoot } from '../../workspace/src/published-packages.ts';
import { compileModule } from '../src/compile-module.ts';

const sample = compileModule(inject('fixture'), 'typed-module');

/** What the compiler says about the sample's use of the module, once `edit` was applied to it. */
function complaints(mode: string, edit: (text: string) => string = (text) => text): string {
  const [module, moduleResolution] = mode.split('/');
  const use = readFileSync(join(sample.folder, 'typed-use.mts'), 'utf8');
  writeFileSync(join(sample.folder, 'edited.mts'), edit(use));
  const options = { strict: true, noEmit: true, target: 'ES2022', lib: ['ES2023', 'DOM'], types: [] };
  const compilerOptions = { ...options, module, moduleResolution };
  writeFileSync(
    join(sample.folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['edited.mts'] }),
  );
  const tsc = join(workspaceRoot, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', sample.folder], { encoding: 'utf8' }).stdout;
}

const modes = ['ESNext/bundler', 'NodeNext/nodenext'];

test.each(modes)('right use compiles against what is published, and wrong use does not: %s', (mode) => {
  expect(complaints(mode)).toBe('');
  const unexpecting = complaints(mode, (text) => text.replaceAll('@ts-expect-error', 'wrong'));
  expect(unexpecting.match(/error TS/g)).toHaveLength(4);
});

test('the module runs in Node, from the file beside it', () => {
  const code = `import { loadSampleNet } from './sample-net.mjs';
    const session = (await loadSampleNet()).createSession();
    const frames = ${JSON.stringify(sample.frames)};
    console.log(JSON.stringify(frames.map((frame) => [...session.step({ x: Float32Array.from(frame) }).y])));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: sample.folder,
    encoding: 'utf8',
  });
  expect({ outputs: JSON.parse(stdout) as unknown, stderr }).toEqual({
    outputs: sample.expected,
    stderr: '',
  });
});
