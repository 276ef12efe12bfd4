import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generate, staleFiles } from '../src/stale-files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'grim-proto-test-'));
  cpSync(join(import.meta.dirname, 'fixtures/schema'), folder, { recursive: true });
  generate(folder);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('what was just generated is not stale', () => {
  expect(staleFiles(folder)).toEqual([]);
});

test('a schema that changed makes its file stale', () => {
  writeFileSync(join(folder, 'proto/sample.proto'), 'syntax = "proto3"; message Sample { int32 other = 2; }');
  expect(staleFiles(folder)).toEqual(['src/gen/sample_pb.ts']);
});

test('a missing file and a file left over are stale', () => {
  rmSync(join(folder, 'src/gen/sample_pb.ts'));
  mkdirSync(join(folder, 'src/gen/old'));
  writeFileSync(join(folder, 'src/gen/old/left_pb.ts'), '');
  expect(staleFiles(folder)).toEqual(['src/gen/old/left_pb.ts', 'src/gen/sample_pb.ts']);
});
