import { GrimError } from '@grim/ir';
import { expect, test } from 'vitest';
import { parseArguments } from '../src/parse-arguments.ts';

test('paths are relative to the folder of the user', () => {
  expect(parseArguments(['--wav', 'a.wav', '--out=b', '--json'], '/home/user')).toEqual({
    wav: '/home/user/a.wav',
    out: '/home/user/b',
    json: true,
    help: false,
  });
  expect(parseArguments([], '/home/user')).toEqual({ json: false, help: false });
  expect(parseArguments(['--wav', '/a.wav'], '/home/user').wav).toBe('/a.wav');
});

test.each([
  [['--wave', 'a.wav'], '--wave'],
  [['--wav'], '--wav'],
  [['--wav='], '--wav is empty'],
  [['--out='], '--out is empty'],
  [['a.wav'], 'a.wav'],
  [['--json=yes'], '--json'],
])('%j is refused in one line', (words, named) => {
  expect(() => parseArguments(words, '/')).toThrow(GrimError);
  expect(() => parseArguments(words, '/')).toThrow(named);
});
