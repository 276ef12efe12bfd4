import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GrimError } from '@grim/ir';
import { expect, test } from 'vitest';
import { writeOutputFile } from '../src/files/write-output-file.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

test('a pipe is not replaced by a file, however its path is written', async () => {
  const folder = temporaryFolder();
  const pipe = join(folder, 'pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  for (const path of [pipe, `${folder}/missing/../pipe`]) {
    await expect(writeOutputFile(path, 'x')).rejects.toThrow(GrimError);
  }
  expect(lstatSync(pipe).isFIFO()).toBe(true);
  expect(readdirSync(folder)).toEqual(['pipe']);
});

test('a symbolic link keeps leading to the file, which is replaced whole', async () => {
  const folder = temporaryFolder();
  const [file, link] = [join(folder, 'file'), join(folder, 'link')];
  writeFileSync(file, 'old and long');
  symlinkSync(file, link);
  await writeOutputFile(link, Uint8Array.of(0x6e, 0x65, 0x77));
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['file', 'link']);
});
