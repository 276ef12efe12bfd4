import { expect, test } from 'vitest';
import { inferTargets } from '../src/infer-targets.mjs';

/** The targets of a member that holds `paths`. */
function targetsOf(paths: readonly string[], isPublished = true, root = 'packages/example') {
  return inferTargets({ root, has: (path) => paths.includes(path), isPublished });
}

test('a published library has every target', () => {
  const targets = targetsOf(['tsup.config.ts', 'tsconfig.json', 'tests']);
  expect(Object.keys(targets).sort()).toEqual(['build', 'lint', 'publish-check', 'test', 'typecheck']);
});

test('a private member without a bundle is only checked', () => {
  expect(Object.keys(targetsOf(['tsconfig.json'], false)).sort()).toEqual(['lint', 'typecheck']);
});

test('a private member that has a bundle is built but not checked for publishing', () => {
  expect(Object.keys(targetsOf(['tsup.config.ts'], false))).toEqual(['build']);
});

test('an empty member has none', () => {
  expect(targetsOf([])).toEqual({});
});

test('every target is cached and reruns when the locked dependencies change', () => {
  for (const target of Object.values(targetsOf(['tsup.config.ts', 'tsconfig.json', 'tests']))) {
    expect(target.cache).toBe(true);
    expect(target.inputs).toContain('{workspaceRoot}/package-lock.json');
  }
});

test('what is published is built first', () => {
  expect(targetsOf(['tsup.config.ts'])['publish-check']?.dependsOn).toEqual(['build', '^build']);
});

test('a change in the sources of a dependency, but not in its tests, reaches lint, types, tests and build', () => {
  const targets = targetsOf(['tsup.config.ts', 'tsconfig.json', 'tests']);
  for (const name of ['build', 'lint', 'typecheck', 'test']) {
    expect(targets[name]?.inputs, name).toContain('^production');
  }
});
