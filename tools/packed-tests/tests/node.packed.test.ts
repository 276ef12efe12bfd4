import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { extractExample } from '../../readme-examples/src/extract-example.ts';
import { runExample } from '../../readme-examples/src/run-example.ts';
import { publishedPackages, sourceEntries, workspaceRoot } from '../../workspace/src/published-packages.ts';

const fixture = inject('fixture');
const packages = publishedPackages();
const specifiers = packages.flatMap((published) =>
  sourceEntries(published).map(([subpath]) => `${published.manifest.name}${subpath.slice(1)}`),
);

/** Names that a module exports, as Node sees them from the fixture. */
function exportsOf(specifier: string, load: 'import' | 'require'): string[] {
  const expression = load === 'import' ? `await import('${specifier}')` : `require('${specifier}')`;
  const code = `console.log(JSON.stringify(Object.keys(${expression}).sort()))`;
  const type = load === 'import' ? 'module' : 'commonjs';
  const output = execFileSync(process.execPath, [`--input-type=${type}`, '-e', code], {
    cwd: fixture,
    encoding: 'utf8',
  });
  return JSON.parse(output) as string[];
}

test.each(specifiers)('%s exports the same names to ESM and to CommonJS', (specifier) => {
  const names = exportsOf(specifier, 'import');
  expect(names).not.toEqual([]);
  expect(names).not.toContain('default');
  expect(exportsOf(specifier, 'require')).toEqual(names);
});

test.each(['ESNext/bundler', 'Node16/node16'])('the declarations compile without the sources: %s', (mode) => {
  const [module, moduleResolution] = mode.split('/');
  const imports = specifiers.map((specifier, index) => `export * as entry${index} from '${specifier}';\n`);
  writeFileSync(join(fixture, 'consumer.mts'), imports.join(''));
  const options = { strict: true, noEmit: true, target: 'ES2022', lib: ['ES2023', 'DOM'], types: ['node'] };
  const typeRoots = [join(workspaceRoot, 'node_modules/@types')];
  writeFileSync(
    join(fixture, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { ...options, typeRoots, module, moduleResolution },
      files: ['consumer.mts'],
    }),
  );
  const tsc = join(workspaceRoot, 'node_modules/typescript/bin/tsc');
  expect(spawnSync(process.execPath, [tsc, '-p', fixture], { encoding: 'utf8' }).stdout).toBe('');
});

test.each(packages.map(({ folder, path }) => [folder, path]))(
  'the example of @grim/%s runs against what is published',
  async (folder, path) => {
    const example = extractExample(readFileSync(join(path, 'README.md'), 'utf8'));
    expect(example).toBeDefined();
    const file = join(fixture, `example-${folder}.mts`);
    writeFileSync(file, example ?? '');
    await runExample(file);
  },
);

test('the installed command prints its usage', () => {
  const output = execFileSync(join(fixture, 'node_modules/.bin/grim'), ['--help'], { encoding: 'utf8' });
  expect(output).toContain('Usage: grim');
});
