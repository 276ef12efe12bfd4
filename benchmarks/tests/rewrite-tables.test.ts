import { expect, test } from 'vitest';
import { rewriteTables } from '../src/tables/rewrite-tables.ts';
import { sampleResult } from './sample-result.ts';

/** Rewrites one marked place and gives what is between the markers. */
function between(request: string): string {
  const text = `before\n\n<!-- bench ${request} -->\nold\n<!-- /bench -->\n\nafter\n`;
  const rewritten = rewriteTables(text, (suite) => (suite === 'sample' ? sampleResult : undefined));
  expect(rewritten.startsWith(`before\n\n<!-- bench ${request} -->\n\n`)).toBe(true);
  expect(rewritten.endsWith('\n\n<!-- /bench -->\n\nafter\n')).toBe(true);
  return rewritten.split('-->\n\n')[1]?.split('\n\n<!--')[0] ?? '';
}

test('rows give a table of all columns', () => {
  expect(between('sample rows')).toBe(
    [
      '| side   | kind  | p50_us | bytes     |',
      '| ------ | ----- | ------ | --------- |',
      '| dense  | speed | 70.1   | 1,234,567 |',
      '| pruned | speed | 35     | –         |',
      '| dense  | size  | –      | 12        |',
    ].join('\n'),
  );
});

test('columns can be chosen and named, and rows chosen by values', () => {
  expect(between('sample rows side,p50_us=µs_per_frame where kind=speed')).toBe(
    [
      '| side   | µs per frame |',
      '| ------ | ------------ |',
      '| dense  | 70.1         |',
      '| pruned | 35           |',
    ].join('\n'),
  );
  expect(between('sample rows where kind=size')).toContain('| dense | size |');
  expect(between('sample rows side,kind where kind=speed side=dense')).toBe(
    ['| side  | kind  |', '| ----- | ----- |', '| dense | speed |'].join('\n'),
  );
});

test('the summary gives a table of keys, small numbers with their exponent', () => {
  expect(between('sample summary')).toBe(
    [
      '|            | measured |',
      '| ---------- | -------- |',
      '| ratio      | 0.5      |',
      '| difference | 1.2e-6   |',
    ].join('\n'),
  );
  expect(between('sample summary ratio=pruned_against_dense')).toContain(
    '| pruned against dense | 0.5      |',
  );
});

test('the environment names machine and day', () => {
  expect(between('sample environment')).toMatch(/^Measured 2026-11-25 on Sample CPU, \d+ cores, .*Node v/);
});

test('what was written once stays as it is', () => {
  const text =
    '<!-- bench sample rows -->\n<!-- /bench -->\n<!-- bench sample summary -->\n<!-- /bench -->\n';
  const once = rewriteTables(text, () => sampleResult);
  expect(once).not.toBe(text);
  expect(rewriteTables(once, () => sampleResult)).toBe(once);
});

test('a document without markers is left alone', () => {
  expect(rewriteTables('text <!-- comment -->\n', () => sampleResult)).toBe('text <!-- comment -->\n');
});

test.each([
  ['other rows', "there is no result of 'other'"],
  ['sample rows speed', "the rows of 'sample' have no 'speed'"],
  ['sample rows side where kind=none', "no row of 'sample' is left"],
  ['sample summary speed', "the summary of 'sample' has no 'speed'"],
  ['sample plot', "asks for 'plot'"],
])('%s is refused', (request, message) => {
  expect(() => between(request)).toThrow(message);
});

test('a marker that is not closed is refused', () => {
  expect(() => rewriteTables('<!-- bench sample rows -->\nold\n', () => sampleResult)).toThrow('not closed');
});

test('numbers of a quick run are refused', () => {
  const text = '<!-- bench sample rows -->\n<!-- /bench -->\n';
  expect(() => rewriteTables(text, () => ({ ...sampleResult, quick: true }))).toThrow('quick run');
});
