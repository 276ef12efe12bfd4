import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countTests, slowestFiles, type VitestReport } from '../src/read-test-report.ts';
import { runStages, sumLine } from '../src/run-stages.ts';
import type { Stage } from '../src/stage.ts';
import { stages } from '../src/stages.ts';

let logs: string;

beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), 'grim-check-'));
});

afterEach(() => {
  rmSync(logs, { recursive: true });
});

/** A command of one line of JavaScript; the parameters that a stage adds come after it. */
const node = (code: string): string[] => [process.execPath, '-e', code, '--'];

/** A command that leaves a report as vitest does. */
const suite = (report: Partial<VitestReport>, exitCode = 0): string[] =>
  node(
    `const file = process.argv.find((a) => a.startsWith('--outputFile.json=')).split('=')[1];` +
      `require('fs').writeFileSync(file, ${JSON.stringify(JSON.stringify(emptyReport(report)))});` +
      `process.exit(${exitCode})`,
  );

function emptyReport(report: Partial<VitestReport>): VitestReport {
  return {
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [],
    ...report,
  };
}

async function run(list: readonly Stage[], refusesSkipped = false) {
  const shown: string[] = [];
  const reports = await runStages(list, { root: logs, logs, refusesSkipped }, ({ name }) => shown.push(name));
  expect(shown).toEqual(list.map(({ name }) => name));
  return reports;
}

test('a failure does not keep the later stages from running, but those that need it', async () => {
  const reports = await run([
    { name: 'broken', commands: [node('process.exit(3)'), node('console.log("never")')] },
    { name: 'independent', commands: [node('console.log("out"); console.error("err")')] },
    { name: 'dependent', commands: [node('')], needs: 'broken' },
  ]);
  expect(reports.map(({ ok }) => ok)).toEqual([false, true, false]);
  expect(reports[0]?.reason).toMatch(/ended with 3$/);
  expect(reports[2]?.reason).toBe('not run: broken failed');
  expect(readFileSync(join(logs, 'broken.log'), 'utf8')).toBe('');
  expect(readFileSync(join(logs, 'independent.log'), 'utf8').split('\n').sort()).toEqual(['', 'err', 'out']);
  expect(sumLine(reports)).toBe('0 passed, 2 failed');
});

test('a program that is not there fails its stage', async () => {
  const [report] = await run([{ name: 'missing', commands: [['program-that-does-not-exist']] }]);
  expect(report).toMatchObject({ ok: false, reason: 'program-that-does-not-exist ended with 127' });
});

test('tests are counted over all suites', async () => {
  const reports = await run([
    { name: 'one', commands: [suite({ numPassedTests: 5 })], countsTests: true },
    { name: 'two', commands: [suite({ numPassedTests: 2, numFailedTests: 3 }, 1)], countsTests: true },
    { name: 'three', commands: [node('')] },
  ]);
  expect(reports.map(({ ok }) => ok)).toEqual([true, false, true]);
  expect(sumLine(reports)).toBe('7 passed, 3 failed');
});

test('a suite that reports nothing, or no test, or fails though all passed, has failed', async () => {
  const reports = await run([
    { name: 'silent', commands: [node('')], countsTests: true },
    { name: 'empty', commands: [suite({})], countsTests: true },
    { name: 'unhandled', commands: [suite({ numPassedTests: 1 }, 1)], countsTests: true },
  ]);
  expect(reports.map(({ ok }) => ok)).toEqual([false, false, false]);
  expect(reports.map(({ reason }) => reason)).toEqual([
    'no test report',
    'no test ran',
    expect.stringContaining('ended with 1'),
  ]);
});

test('skipped tests fail only where toolchains are required', async () => {
  const list = [
    { name: 'skips', commands: [suite({ numPassedTests: 1, numPendingTests: 2 })], countsTests: true },
  ];
  expect((await run(list))[0]?.ok).toBe(true);
  expect((await run(list, true))[0]).toMatchObject({ ok: false, reason: '2 tests skipped' });
});

test('a file that could not be loaded counts as a failure', () => {
  const file = { name: 'a.test.ts', startTime: 0, endTime: 1500, assertionResults: [] };
  const report = emptyReport({
    numPassedTests: 1,
    numFailedTests: 1,
    numTodoTests: 1,
    testResults: [
      { ...file, status: 'failed' },
      {
        ...file,
        name: 'b.test.ts',
        endTime: 2500,
        status: 'failed',
        assertionResults: [{ status: 'failed' }],
      },
      { ...file, status: 'passed' },
    ],
  });
  expect(countTests(report)).toEqual({ passed: 1, failed: 2, skipped: 1 });
  expect(slowestFiles(report, 1)).toEqual([['b.test.ts', 2.5]]);
});

test('the stages of the check have names of their own, and need only what runs before them', () => {
  const names = stages.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  stages.forEach(({ needs }, index) => {
    if (needs !== undefined) expect(names.slice(0, index)).toContain(needs);
  });
});
