import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { webAssemblyFeatures } from '../src/measuring/web-assembly-features.ts';
import { printResult } from '../src/print-result.ts';
import { checkResult } from '../src/results/check-result.ts';
import { formatValue } from '../src/results/format-value.ts';
import { writeResult } from '../src/results/write-result.ts';
import { runSuite } from '../src/run-suite.ts';
import { sampleResult } from './sample-result.ts';

test('a written result is read back the same, and nothing else is left beside it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'grim-results-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'new/sample.json');
  writeResult(file, sampleResult);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(sampleResult);
  expect(readdirSync(join(folder, 'new'))).toEqual(['sample.json']);

  const wrong = { ...sampleResult, summary: { ratio: Number.NaN } };
  expect(() => {
    writeResult(join(folder, 'wrong.json'), wrong);
  }).toThrow('sample: ratio is NaN');
  expect(existsSync(join(folder, 'wrong.json'))).toBe(false);
});

test('rows of different columns and numbers that are none are refused by name', () => {
  expect(checkResult(sampleResult)).toBe(sampleResult);
  expect(() => checkResult({ ...sampleResult, rows: [{ a: 1 }, { b: 1 }] })).toThrow(
    'row 1 has columns b, not a',
  );
  expect(() => checkResult({ ...sampleResult, rows: [{ a: Infinity }] })).toThrow('row 0 has Infinity in a');
});

test('a suite gets its context, and its numbers the machine', async () => {
  const lines: string[] = [];
  const result = await runSuite(
    'sum',
    {
      description: 'adds',
      run: ({ quick, progress }) => {
        progress(`quick ${String(quick)}`);
        return Promise.resolve({ rows: [{ name: 'one', value: 1 }], summary: { total: 1 } });
      },
    },
    { quick: true, progress: (line) => lines.push(line) },
  );
  expect(lines).toEqual(['quick true']);
  expect(result).toMatchObject({
    suite: 'sum',
    quick: true,
    rows: [{ name: 'one', value: 1 }],
    summary: { total: 1 },
  });
  expect(result.environment.node).toBe(process.version);
  expect(result.environment.cores).toBeGreaterThan(0);
});

test('the printed result has the table, the summary, and says when it was a quick run', () => {
  const text = printResult({ ...sampleResult, quick: true });
  expect(text).toContain('Sample CPU');
  expect(text).toContain('1,234,567');
  expect(text).toContain('difference 1.2e-6');
  expect(text).toContain('quick run');
  expect(printResult(sampleResult)).not.toContain('quick run');
});

test('values too long for a terminal are left to the file, with their column', () => {
  const rows = sampleResult.rows.map((row) => ({ ...row, recipe: 'r'.repeat(200) }));
  const text = printResult({ ...sampleResult, rows });
  expect(text).toContain('p50_us');
  expect(text).not.toContain('recipe');
  expect(text).not.toContain('rrr');
});

test.each([
  [null, '–'],
  ['text', 'text'],
  [0, '0'],
  [1234567, '1,234,567'],
  [0.123456, '0.123'],
  [98.76, '98.8'],
  [-0.00001234, '-1.2e-5'],
])('%j is shown as %s', (value, text) => {
  expect(formatValue(value)).toBe(text);
});

test('the probes are valid modules where they should be', () => {
  // Node 20 and later have SIMD and threads; relaxed SIMD came with V8 11.4 behind a flag, for all with Node 22.
  const features = webAssemblyFeatures();
  expect(features.simd).toBe(true);
  expect(features.threads).toBe(true);
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major >= 22) expect(features.relaxedSimd).toBe(true);
});
