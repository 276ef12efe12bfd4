import { expect, it } from 'vitest';
import { loadJax } from '../src/jax/load-jax.ts';

it('loading jax-js leaves globals as they were, and it computes all the same', async () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const { numpy } = await loadJax();
  expect(Object.getOwnPropertyDescriptor(globalThis, 'navigator')).toEqual(before);
  expect(
    numpy
      .array([1, 2])
      .add(numpy.array([3, 4]))
      .js(),
  ).toEqual([4, 6]);
});
