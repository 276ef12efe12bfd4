import { expect, test } from 'vitest';
import { GrimError, withContext } from '../src/index.ts';

test('context is added from the inside out, and what is known is kept', () => {
  const fail = (): never => {
    throw new GrimError('is wrong', { layer: 'conv1' });
  };
  expect(() => withContext({ file: 'a.grim', layer: 'outer' }, fail)).toThrow(
    new GrimError('is wrong', { file: 'a.grim', layer: 'conv1' }),
  );
  expect(() => withContext({ file: 'a.grim' }, fail)).toThrow('a.grim: conv1: is wrong');
});

test('a message is one line, whatever the names in it are', () => {
  const { message, problem } = new GrimError('value x\ny is missing', {
    layer: 'n\u001b[2J',
    file: 'a\u2028b',
  });
  expect(message).toBe('a\\u2028b: n\\u001b[2J: value x\\u000ay is missing');
  expect(problem).toBe('value x\\u000ay is missing');
});

test('an error of another kind passes unchanged', () => {
  const error = new TypeError('a defect');
  expect(() =>
    withContext({ file: 'a.grim' }, () => {
      throw error;
    }),
  ).toThrow(error);
});

test('an error of another copy of the class is recognised, other errors are not', () => {
  const fromOtherCopy = Object.assign(new Error('is wrong'), { [Symbol.for('@grim/ir/GrimError')]: true });
  expect(fromOtherCopy).toBeInstanceOf(GrimError);
  expect(new TypeError('a defect')).not.toBeInstanceOf(GrimError);
  expect(undefined as unknown).not.toBeInstanceOf(GrimError);
});
