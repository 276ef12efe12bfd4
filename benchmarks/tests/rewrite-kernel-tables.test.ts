import type { FamilyRow } from '@grim/kernels';
import { expect, test } from 'vitest';
import { rewriteKernelTables } from '../src/tables/rewrite-kernel-tables.ts';

const family: FamilyRow = {
  name: 'sum',
  computes: 'sums',
  lanes: 'rows',
  elements: ['f32'],
  choices: {
    rows: { values: [1, 2], means: 'rows at once', byDefault: '2' },
    block: { values: { from: 1, to: 9 }, means: 'rows of a block', byDefault: 'all' },
  },
  cases: () => [],
  benchmarks: () => [],
};
const other: FamilyRow = { ...family, name: 'sumAll', choices: {} };
const snapshots = [
  { link: '../snapshots/sum-dense.wat', text: '(func $sum_r1_t2x9' },
  { link: '../snapshots/sum-all.wat', text: '(func $sumAll_r1' },
];

test('both tables, from the registry', () => {
  const text =
    'a\n<!-- kernels families -->\nold\n<!-- /kernels -->\n<!-- kernels schedules -->\n<!-- /kernels -->\nb\n';
  const rewritten = rewriteKernelTables(text, [family, other], snapshots);
  expect(rewritten).toContain(
    '| `sum`    | sums     | rows  | `_t‹rows›x‹block›` | [sum-dense](../snapshots/sum-dense.wat) |',
  );
  expect(rewritten).toContain(
    '| `sumAll` | sums     | rows  | –                  | [sum-all](../snapshots/sum-all.wat)     |',
  );
  expect(rewritten).toContain('| `sum`  | `rows`  | 1, 2   | 2          | rows at once    |');
  expect(rewritten).toContain('| `sum`  | `block` | 1 to 9 | all        | rows of a block |');
  expect(rewritten).not.toContain('old');
  expect(rewriteKernelTables(rewritten, [family, other], snapshots)).toBe(rewritten);
});

test.each([
  ['<!-- kernels families -->\n', 'is not closed'],
  ['<!-- kernels names -->\n<!-- /kernels -->\n', "asks for 'names'"],
])('%j is refused', (text, problem) => {
  expect(() => rewriteKernelTables(text, [family], snapshots)).toThrow(problem);
});

test('a family without emitted text is refused', () => {
  expect(() => rewriteKernelTables('<!-- kernels families -->\n<!-- /kernels -->\n', [other], [])).toThrow(
    'no emitted text of family sumAll',
  );
});
