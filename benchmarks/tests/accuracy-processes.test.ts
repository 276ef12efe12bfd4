import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openCellStore } from '../src/suites/accuracy/cells/cell-store.ts';
import { makeInProcesses } from '../src/suites/accuracy/cells/make-in-processes.ts';
import type { AccuracyCell } from '../src/suites/accuracy/task.ts';

/** Writes down when it begins and ends: one that is slow never ends, those of a pair end when both have begun,
 * one that fails does so when a slow one has. */
const program = `
import { appendFileSync, readFileSync } from 'node:fs';
const [name, ...flags] = process.argv.slice(2);
const log = (what) => appendFileSync(new URL('log', import.meta.url), what + ' ' + [name, ...flags].join(' ') + '\\n');
log('begin');
process.send('working');
process.on('disconnect', () => process.exit(1));
const isDue = () => {
  if (name.includes('slow')) return false;
  const begun = (group) =>
    (readFileSync(new URL('log', import.meta.url), 'utf8').match(new RegExp('begin sample ' + group, 'g')) ?? []).length;
  if (name.includes('fail')) return begun('slow') === 1;
  return !name.includes('pair') || begun('pair') === 2;
};
setInterval(() => {
  if (!isDue()) return;
  log('end');
  process.exit(name.includes('fail') ? 3 : 0);
}, 50);
`;

function cellOf(method: string, dense?: AccuracyCell): AccuracyCell {
  return {
    key: { task: 'sample', method, pattern: 'bcr 8x32', rate: dense ? 4 : 1, seed: 1 },
    recipe: method,
    ...(dense && { dense }),
    run: () => Promise.reject(new Error('made in a process')),
  };
}

function open(jobs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'grim-processes-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'program.mjs'), program);
  const store = openCellStore(join(folder, 'store'));
  const lines: string[] = [];
  return {
    store,
    lines,
    log: () => readFileSync(join(folder, 'log'), 'utf8').trimEnd().split('\n'),
    make: (...cells: AccuracyCell[]) =>
      makeInProcesses(cells, {
        jobs,
        store,
        quick: true,
        progress: (line) => lines.push(line),
        program: join(folder, 'program.mjs'),
      }),
  };
}

test('a dense model is made once and before those that start from it, which are made side by side', async () => {
  const { make, log, lines } = open(2);
  const dense = cellOf('dense');
  await make(cellOf('pair-a', dense), cellOf('pair-b', dense));
  const found = log();
  expect(found.slice(0, 2)).toEqual(['begin sample dense seed 1 --quick', 'end sample dense seed 1 --quick']);
  expect(found).toHaveLength(6);
  expect(lines).toEqual(['working', 'working', 'working']);
});

test('what is kept is not made, and one job is one process at a time', async () => {
  const { make, log, store } = open(1);
  const dense = cellOf('dense');
  const graph = { name: '', inputs: [], outputs: [], states: [], constants: new Map(), nodes: [] };
  store.write(dense, { score: 1, seconds: 1, graph });
  await make(dense, cellOf('first', dense), cellOf('second', dense));
  expect(log().map((line) => line.split(' ')[0])).toEqual(['begin', 'end', 'begin', 'end']);
  expect(log().join()).not.toContain('dense');
});

test('a process that fails stops the others, and is named', async () => {
  const { make, log } = open(2);
  await expect(make(cellOf('slow'), cellOf('fail'), cellOf('late'))).rejects.toThrow(
    'sample fail seed 1: its process ended with exit code 3',
  );
  expect(log().sort()).toEqual([
    'begin sample fail seed 1 --quick',
    'begin sample slow seed 1 --quick',
    'end sample fail seed 1 --quick',
  ]);
});
