import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const register = pathToFileURL(join(import.meta.dirname, '../src/register.mjs')).href;

/** Runs `main.ts` of a folder with these files. */
function run(files: Readonly<Record<string, string>>, flags: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'grim-typescript-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return spawnSync(process.execPath, [...flags, '--import', register, join(folder, 'main.ts')], {
    encoding: 'utf8',
  });
}

test('types are stripped, in imported files too, and JavaScript is left as it is', () => {
  const { stdout, stderr } = run({
    'main.ts':
      "import { double, type Amount } from './double.ts';\nimport { half } from './half.cjs';\nconst amount: Amount = 21;\nconsole.log(double(amount), half(amount), await Promise.resolve(1));\n",
    'double.ts':
      'export type Amount = number;\nexport const double = (amount: Amount): Amount => amount * 2;\n',
    'half.cjs': 'exports.half = (amount) => amount / 2;\n',
  });
  expect(stderr).toBe('');
  expect(stdout).toBe('42 10.5 1\n');
});

test('conditions of packages are those that Node was told', () => {
  const files = {
    'main.ts': "import { form } from 'sample';\nconsole.log(form);\n",
    'node_modules/sample/package.json': JSON.stringify({
      type: 'module',
      exports: { '@grim/source': './source.ts', default: './built.js' },
    }),
    'node_modules/sample/source.ts': "export const form: string = 'source';\n",
    'node_modules/sample/built.js': "export const form = 'built';\n",
  };
  expect(run(files).stdout).toBe('built\n');
  expect(run(files, ['--conditions=@grim/source']).stdout).toBe('source\n');
});

test('an error names the line of the source', () => {
  const { status, stderr } = run({
    'main.ts':
      "interface Unused {\n  readonly a: number;\n}\n\nthrow new Error('here');\nexport type { Unused };\n",
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/main\.ts:5:7/);
});
