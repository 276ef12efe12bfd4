import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProblems } from '../src/find-problems.ts';
import { givesShapeOrUnit, isNamedAfterUnit, isTensorType } from '../src/tensor-documentation.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

/** Messages about one fixture, each with its line. */
function problemsOf(fixture: string): string[] {
  return findProblems(join(fixtures, 'tsconfig.json'), [join(fixtures, fixture)]).map(
    ({ line, message }) => `${line}: ${message}`,
  );
}

test('nothing is said about documented exports', () => {
  expect(problemsOf('documented.ts')).toEqual([]);
});

test('every export without a docstring is named, re-exported ones where they are declared', () => {
  expect(problemsOf('undocumented.ts')).toEqual([
    "2: export 'helper' has no docstring",
    "3: export 'constant' has no docstring",
    "5: export 'Options' has no docstring",
    "10: export 'Mode' has no docstring",
  ]);
});

test('every tensor parameter without shape or unit is named', () => {
  const vague = 'is a tensor, but its documentation gives neither shape nor unit';
  expect(problemsOf('vague-tensors.ts')).toEqual([
    `11: parameter 'input' of 'scale' ${vague}`,
    `16: parameter 'inputs' of 'run' ${vague}`,
    `21: parameter 'state' of 'Session.setState' ${vague}`,
    "22: parameter 'frame' of 'Session.step' is a tensor, and the function has no docstring that gives its shape or unit",
    `28: parameter 'data' of 'Decoder.decode' ${vague}`,
    `39: parameter 'padding' of 'pad' ${vague}`,
  ]);
});

test('an entry point that is not there is a problem, not an empty success', () => {
  expect(problemsOf('absent.ts')).toEqual(['1: this entry point does not exist']);
});

test.each([
  'Tensor',
  'Float32Array',
  'readonly Uint8Array[]',
  'Map<string, Tensor>',
  'Record<string, BigInt64Array>',
])('%s is a tensor type', (type) => {
  expect(isTensorType(type)).toBe(true);
});

test.each(['number[]', 'TensorInfo', 'string', 'Shape'])('%s is not a tensor type', (type) => {
  expect(isTensorType(type)).toBe(false);
});

test.each([
  '`[rows, columns]` of weights',
  '512 samples of audio',
  'rows × columns',
  'bytes of a file',
  'one value per frame',
])('"%s" gives a shape or a unit', (text) => {
  expect(givesShapeOrUnit(text)).toBe(true);
});

test.each(['the input', 'what to multiply', 'weights', ''])('"%s" gives neither', (text) => {
  expect(givesShapeOrUnit(text)).toBe(false);
});

test('bytes say in their name what is counted, and nothing else does', () => {
  expect(isNamedAfterUnit('bytes', 'Uint8Array | ArrayBuffer')).toBe(true);
  expect(isNamedAfterUnit('bytes', 'Float32Array')).toBe(false);
  expect(isNamedAfterUnit('data', 'Uint8Array')).toBe(false);
});
