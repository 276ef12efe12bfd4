import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { unpackForeignPackages } from '../src/foreign-packages.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'grim-foreign-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

test('a folder that is there is taken as it is', () => {
  const root = join(temporaryFolder(), 'root');
  mkdirSync(root);
  unpackForeignPackages({ architecture: 'none', packages: ['none'] }, root);
  expect(readdirSync(root)).toEqual([]);
});

test('packages that cannot be had are refused, and leave nothing behind', () => {
  const folder = temporaryFolder();
  expect(() => {
    unpackForeignPackages({ architecture: 'no such', packages: ['none'] }, join(folder, 'root'));
  }).toThrow(/apt-get/);
  expect(readdirSync(folder)).toEqual([]);
});
