import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishedPackages, workspaceRoot } from '../../workspace/src/published-packages.ts';
import { extractExample } from '../src/extract-example.ts';
import { runExample } from '../src/run-example.ts';

// Inside the workspace, so that `@grim/…` is found; a folder per process, so that two runs do not meet.
const folder = join(workspaceRoot, 'tmp', `readme-examples-${process.pid}`);
const packages = publishedPackages();

/** Code of a package's example, or an empty module where the README has none: the test of that README says so. */
function exampleOf(path: string): string | undefined {
  try {
    return extractExample(readFileSync(join(path, 'README.md'), 'utf8'));
  } catch {
    return undefined;
  }
}

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  const configuration = {
    extends: '../../tsconfig.base.json',
    // A rule of this house about style, which would make examples stranger to read.
    compilerOptions: { noPropertyAccessFromIndexSignature: false },
    include: ['*.mts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration));
  for (const { folder: name, path } of packages) {
    writeFileSync(join(folder, `${name}.mts`), exampleOf(path) ?? 'export {};\n');
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each(packages.map(({ folder: name, path }) => [name, path]))(
  'the example of @grim/%s runs',
  async (name, path) => {
    expect(exampleOf(path), 'a block marked `ts`').toBeDefined();
    await runExample(join(folder, `${name}.mts`), ['@grim/source']);
  },
);

test('all of them compile under strict settings', () => {
  const tsc = join(workspaceRoot, 'node_modules/typescript/bin/tsc');
  expect(spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' }).stdout).toBe('');
});
