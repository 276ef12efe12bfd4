import { GrimError } from '@grim/ir';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namedValue, withEntry } from '../src/cli/options/named-value.ts';
import { integerFrom, parseNumber } from '../src/cli/options/numbers.ts';
import { perLayerParser, simplified } from '../src/cli/options/per-layer.ts';
import { printable } from '../src/cli/printable.ts';
import { formatBytes, formatTime } from '../src/cli/render/format.ts';
import { shortenNames } from '../src/cli/render/shorten-names.ts';
import { safeFileNames } from '../src/files/safe-file-names.ts';
import { asFlags } from '../src/model/as-flags.ts';
import { recordedSettings, recordSettings } from '../src/model/recorded-settings.ts';
import { recordedPruning } from '../src/prune/recorded-pruning.ts';
import { compareValues } from '../src/verify/compare-values.ts';

describe('options', () => {
  test('a name may hold =, a value not', () => {
    expect(namedValue('a=b=1,2', 'x')).toEqual(['a=b', '1,2']);
    for (const text of ['', 'a', '=1', 'a=']) expect(() => namedValue(text, 'a=1')).toThrow(/a=1/);
  });

  test('a name is given once, whatever it is', () => {
    const entries = withEntry(undefined, ['__proto__', 1]);
    expect(Object.keys(entries)).toEqual(['__proto__']);
    expect(() => withEntry(entries, ['__proto__', 2])).toThrow(/twice/);
  });

  test.each(['', ' ', '0x10', 'NaN', 'Infinity', '1e999', '1,2', '--1'])('%j is no number', (text) => {
    expect(() => parseNumber(text)).toThrow(/not a number/);
  });

  test.each(['0', '1.5', '-1', '1e30'])('%j is no positive integer', (text) => {
    expect(() => integerFrom(1)(text)).toThrow(/at least 1/);
  });

  test('values by layer: later ones win, one for all stays a value', () => {
    const parse = perLayerParser(parseNumber);
    const all = parse('4', undefined);
    expect(simplified(all)).toBe(4);
    const both = parse('*:r=3', parse('*:r=2', all));
    expect(Object.entries(both)).toEqual([['*', 4], ['*:r', 3]]); // prettier-ignore
    expect(simplified(both)).toEqual({ '*': 4, '*:r': 3 });
    expect(() => parse('=2', undefined)).toThrow(/pattern is missing/);
  });

  test.each([
    ['give its value, e.g. inputs: { sr: 1 }', 'give its value, e.g. --set sr=1'],
    ['give its shape, e.g. shapes: { "a b": [1, 512] }', 'give its shape, e.g. --shape a b=1,512'],
    ['option inputs names x, which is no input', '--set names x, which is no input'],
    ['option states names input h, which', '--state names input h, which'],
    ['something else', 'something else'],
  ])('%s', (problem, expected) => {
    expect(asFlags(new GrimError(problem, { layer: 'sr' }))).toMatchObject({
      problem: expected,
      context: { layer: 'sr' },
    });
  });
});

describe('provenance', () => {
  test('settings survive it', () => {
    const settings = { set: { sr: [16000] }, shapes: { x: [1, 2] }, states: [{ input: 'h', output: 'hn' }] };
    const provenance = { grimVersion: '0', options: { import: recordSettings(settings) ?? '' } };
    expect(recordedSettings(provenance)).toEqual(settings);
    expect(recordSettings({})).toBeUndefined();
  });

  test('what others wrote there is not believed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const provenance = { grimVersion: '0', options: { import: text, prune: text } };
        const { set = {}, shapes = {}, states = [] } = recordedSettings(provenance);
        for (const list of [...Object.values(set), ...Object.values(shapes)]) {
          expect(list.every((value) => typeof value === 'number')).toBe(true);
        }
        for (const { input } of states) expect(typeof input).toBe('string');
        expect(recordedPruning(provenance)).toEqual([]);
      }),
    );
    const block = { rows: 1, columns: '2' };
    const prune = JSON.stringify({ method: 'magnitude', rate: 2, split: 'rows', block });
    expect(recordedPruning({ grimVersion: '0', options: { prune } })).toEqual([]);
  });
});

describe('names from a model', () => {
  test('terminals see no control characters', () => {
    expect(printable('a\x1b[31m\nb\u202ec')).toBe('a\\x1b[31m\\x0ab\\u202ec');
  });

  test('files stay in their folder, and do not collide', () => {
    expect(safeFileNames(['../../etc/passwd', 'a/b', 'a:b', 'A:B', '..', ''])).toEqual([
      '__.._etc_passwd',
      'a_b',
      'a_b-2',
      'A_B-3',
      '_',
      '_-2',
    ]);
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 8 }), (names) => {
        const files = safeFileNames(names);
        for (const file of files) expect(file).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/);
        expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
      }),
    );
  });

  test('tables leave out what all names share', () => {
    const { prefix, shorten } = shortenNames(['branch_0/conv/a', 'branch_0/conv/b', 'branch_0/c']);
    expect([prefix, shorten('branch_0/conv/a')]).toEqual(['branch_0/', 'conv/a']);
    expect(shortenNames(['only/one/name']).prefix).toBe('');
    expect(shortenNames(['a/x', 'a/y']).prefix).toBe('');
    expect(shortenNames([]).shorten('x')).toBe('x');
  });
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.00 KiB'],
  [10 * 1024, '10.0 KiB'],
  [1023 * 1024, '0.999 MiB'],
  [5 * 1024 ** 3, '5.00 GiB'],
])('%d bytes', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('times', () => {
  expect([formatTime(41.27), formatTime(1234)]).toEqual(['41.3 µs', '1.23 ms']);
});

describe('comparison', () => {
  const compare = (actual: number[], expected: number[], tolerance = 1e-4) =>
    compareValues(Float32Array.from(actual), Float32Array.from(expected), tolerance, 3);

  test('the first difference has its place, the greatest its size', () => {
    expect(compare([1, 2, 5, 9], [1, 2.5, 5, 4])).toEqual({
      maxAbsError: 5,
      firstDifference: { frame: 3, index: 1, actual: 2, expected: 2.5 },
    });
  });

  test('the tolerance grows with the greatest value, not below 1', () => {
    expect(compare([1000, 0.05], [1000, 0]).firstDifference).toBeNull();
    expect(compare([0.01, 0.001], [0.01, 0]).firstDifference).toMatchObject({ index: 1 });
  });

  test('NaN and infinities agree with themselves only', () => {
    expect(compare([NaN, Infinity, -Infinity], [NaN, Infinity, -Infinity])).toEqual({
      maxAbsError: 0,
      firstDifference: null,
    });
    for (const [got, want] of [
      [NaN, 1],
      [1, NaN],
      [Infinity, -Infinity],
      [Infinity, 1],
    ] as const) {
      const { maxAbsError, firstDifference } = compare([got], [want]);
      expect(maxAbsError).toBe(Infinity);
      expect(firstDifference).toMatchObject({ index: 0 });
    }
  });
});
