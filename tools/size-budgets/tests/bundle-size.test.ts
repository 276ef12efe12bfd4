import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleSize } from '../src/bundle-size.ts';

/** A folder with a package `sample` whose source and built form differ in size. */
function folderWithSample(): string {
  const folder = mkdtempSync(join(tmpdir(), 'grim-size-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const sample = join(folder, 'node_modules/sample');
  mkdirSync(sample, { recursive: true });
  writeFileSync(
    join(sample, 'package.json'),
    JSON.stringify({ type: 'module', exports: { '@grim/source': './source.ts', default: './built.js' } }),
  );
  writeFileSync(join(sample, 'source.ts'), `export const text: string = '${'s'.repeat(1000)}';\n`);
  writeFileSync(join(sample, 'built.js'), `export const text = '${'b'.repeat(3000)}';\n`);
  return folder;
}

test('what is imported is counted, and gzip shrinks it', async () => {
  const { minified, gzip } = await bundleSize("export * from 'sample';", { folder: folderWithSample() });
  expect(minified).toBeGreaterThan(3000);
  expect(minified).toBeLessThan(3100);
  expect(gzip).toBeLessThan(minified / 10);
});

test('the source condition measures sources', async () => {
  const options = { folder: folderWithSample(), conditions: ['@grim/source'] };
  expect((await bundleSize("export * from 'sample';", options)).minified).toBeLessThan(1100);
});

test('what is not used is not counted', async () => {
  const { minified } = await bundleSize("import 'sample';\nexport const one = 1;", {
    folder: folderWithSample(),
  });
  expect(minified).toBeLessThan(100);
});

test('a module of Node cannot be sent to a page', async () => {
  const code = "import { readFileSync } from 'node:fs';\nexport { readFileSync };";
  await expect(bundleSize(code, { folder: tmpdir() })).rejects.toThrow('node:fs');
});
