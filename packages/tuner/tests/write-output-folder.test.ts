import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GrimError } from '@grim/ir';
import { expect, test } from 'vitest';
import { replaceFiles } from '../src/files/replace-files.ts';
import { writeOutputFolder } from '../src/files/write-output-folder.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const files = new Map<string, string | Uint8Array>([
  ['a.txt', 'new a'],
  ['b.bin', Uint8Array.of(1, 2)],
  ['c.txt', 'new c'],
]);

test('a folder that is not there appears with everything in it', async () => {
  const parent = temporaryFolder();
  await writeOutputFolder(join(parent, 'out'), files, []);
  expect(readdirSync(parent)).toEqual(['out']);
  expect(readdirSync(join(parent, 'out')).sort()).toEqual([...files.keys()]);
  expect([...readFileSync(join(parent, 'out/b.bin'))]).toEqual([1, 2]);
});

test('in one that is there files are replaced, through links as well, and others stay', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.txt'), 'old a');
  writeFileSync(join(folder, 'mine.txt'), 'mine');
  symlinkSync('mine.txt', join(folder, 'c.txt'));
  await writeOutputFolder(folder, files, []);
  expect(readdirSync(folder).sort()).toEqual(['a.txt', 'b.bin', 'c.txt', 'mine.txt']);
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('new a');
  expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('new c');
});

test('nothing is written where one file cannot be', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.txt'), 'old a');
  mkdirSync(join(folder, 'c.txt'));
  await expect(writeOutputFolder(folder, files, [])).rejects.toThrow(/c.txt: .*a folder is in its place/);
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('old a');
  expect(readdirSync(folder).sort()).toEqual(['a.txt', 'c.txt']);
});

test('what was replaced is put back when a later file cannot be moved', () => {
  const [from, to] = [temporaryFolder(), temporaryFolder()];
  for (const name of ['a.txt', 'b.txt']) writeFileSync(join(from, name), `new ${name}`);
  writeFileSync(join(to, 'a.txt'), 'old a');
  expect(() => {
    replaceFiles(['a.txt', 'b.txt', 'missing.txt'], from, to, join(from, 'replaced'));
  }).toThrow(/missing.txt/);
  expect(readdirSync(to)).toEqual(['a.txt']);
  expect(readFileSync(join(to, 'a.txt'), 'utf8')).toBe('old a');
});

test('files may be in folders of their own, which are made, and go again when a later file cannot be moved', async () => {
  const inFolders = new Map([
    ['own/deep/a.txt', 'new a'],
    ['own/b.txt', 'new b'],
  ]);
  const folder = join(temporaryFolder(), 'out');
  for (let round = 0; round < 2; round++) {
    await writeOutputFolder(folder, inFolders, []);
    expect(readFileSync(join(folder, 'own/deep/a.txt'), 'utf8')).toBe('new a');
    expect(readdirSync(folder)).toEqual(['own']);
  }
  const to = temporaryFolder();
  expect(() => {
    replaceFiles(['own/deep/a.txt', 'missing.txt'], folder, to, join(folder, 'replaced'));
  }).toThrow(/missing.txt/);
  expect(readdirSync(to)).toEqual([]);
});

test('an input of the same command is not replaced under any of its names', async () => {
  const folder = temporaryFolder();
  const input = join(temporaryFolder(), 'model.onnx');
  writeFileSync(input, 'model');
  linkSync(input, join(folder, 'b.bin'));
  await expect(writeOutputFolder(folder, files, [input])).rejects.toThrow(/is also an input/);
  expect(readdirSync(folder)).toEqual(['b.bin']);
  expect(readFileSync(input, 'utf8')).toBe('model');
});

test.each([
  ['file', /file: is no folder/],
  ['file/deep', /deep: cannot be written, .*file is no folder/],
  ['missing/deep', /deep: cannot be written, the folder .*missing does not exist/],
])('%s is no place for a folder', async (name, problem) => {
  const parent = temporaryFolder();
  writeFileSync(join(parent, 'file'), '');
  const writing = writeOutputFolder(join(parent, name), files, []);
  await expect(writing).rejects.toThrow(GrimError);
  await expect(writing).rejects.toThrow(problem);
  expect(readdirSync(parent)).toEqual(['file']);
});
