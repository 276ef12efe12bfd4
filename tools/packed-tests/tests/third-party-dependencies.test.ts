import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { thirdPartyDependencies } from '../src/third-party-dependencies.ts';

/** Dependencies of a workspace with this lock file, with paths relative to it; other versions as `package > dependency`. */
function dependenciesOf(packages: Readonly<Record<string, object>>): Record<string, string> {
  const root = mkdtempSync(join(tmpdir(), 'grim-lock-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  const { folders, otherVersions } = thirdPartyDependencies(root);
  const others = [...otherVersions].flatMap(([needing, paths]) =>
    [...paths].map(([name, path]): [string, string] => [`${needing} > ${name}`, path]),
  );
  return Object.fromEntries(
    [...folders, ...others].map(([name, path]) => [name, path.slice(root.length + 1)]),
  );
}

test('dependencies are followed to their end, from the nearest folder', () => {
  expect(
    dependenciesOf({
      '': { devDependencies: { unrelated: '1' } },
      'packages/a': { dependencies: { '@scope/direct': '1', '@grim/b': '1' } },
      'packages/b': {},
      'node_modules/@grim/b': { link: true },
      'node_modules/@scope/direct': { dependencies: { deep: '2', hoisted: '1' } },
      'node_modules/@scope/direct/node_modules/deep': { dependencies: { hoisted: '1' } },
      'node_modules/deep': {},
      'node_modules/hoisted': { optionalDependencies: { absent: '1', elsewhere: '1' } },
      'node_modules/elsewhere': { os: ['elsewhere'] },
      'node_modules/unrelated': {},
    }),
  ).toEqual({
    '@scope/direct': 'node_modules/@scope/direct',
    deep: 'node_modules/@scope/direct/node_modules/deep',
    hoisted: 'node_modules/hoisted',
  });
});

test('another version that a dependency needs is found, with what it needs', () => {
  expect(
    dependenciesOf({
      'packages/a': { dependencies: { old: '1', x: '2' } },
      'node_modules/old': { dependencies: { x: '1' } },
      'node_modules/x': { version: '2.0.0' },
      'node_modules/old/node_modules/x': { version: '1.0.0', dependencies: { deep: '1' } },
      'node_modules/deep': {},
    }),
  ).toEqual({
    old: 'node_modules/old',
    x: 'node_modules/x',
    'old > x': 'node_modules/old/node_modules/x',
    deep: 'node_modules/deep',
  });
});

test('two versions that our own packages need are refused', () => {
  expect(() =>
    dependenciesOf({
      'packages/a': { dependencies: { x: '1' } },
      'packages/b': { dependencies: { x: '2' } },
      'packages/a/node_modules/x': { version: '1.0.0' },
      'node_modules/x': { version: '2.0.0' },
    }),
  ).toThrow('two versions of x are needed');
});

test('one version in two places is one', () => {
  expect(
    Object.keys(
      dependenciesOf({
        'packages/a': { dependencies: { x: '1' } },
        'packages/b': { dependencies: { x: '1' } },
        'packages/a/node_modules/x': { version: '1.0.0' },
        'packages/b/node_modules/x': { version: '1.0.0' },
      }),
    ),
  ).toEqual(['x']);
});
