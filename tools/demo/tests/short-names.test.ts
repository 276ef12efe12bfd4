import { expect, test } from 'vitest';
import { shortNames } from '../src/short-names.ts';

test.each([
  [
    ['branch/a/conv', 'branch/a/lstm', 'branch/b'],
    ['a/conv', 'a/lstm', 'b'],
  ],
  // The cut is at a separator, not inside a word.
  [
    ['conv1/x', 'conv2/x'],
    ['conv1/x', 'conv2/x'],
  ],
  [
    ['a/', 'a/b'],
    ['a/', 'b'],
  ],
  [['only/one'], ['only/one']],
  [[], []],
])('%j become %j', (names, short) => {
  expect([...shortNames(names).values()]).toEqual(short);
});
