import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { operatorImporters } from '../src/operators/registry.ts';

test('the README lists exactly the operators there are', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const table = /## Operators\n.*?\n\|[ -]+\|[ -]+\|\n(.*?)\n\n/s.exec(readme)?.[1] ?? '';
  const listed = [...table.matchAll(/`([A-Z]\w+)`/g)].map(([, name]) => name);
  expect(listed.sort()).toEqual([...operatorImporters.keys(), 'If'].sort());
});
