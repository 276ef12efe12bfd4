import { expect, test } from 'vitest';
import { loadModel, requirePorts, type ExpectedPorts } from '../src/index.ts';
import { leakyFile } from './support/leaky-model.ts';

const own: ExpectedPorts = {
  inputs: { x: { shape: [1, 4] } },
  outputs: { y: { shape: [1, 4] } },
  states: { s: { shape: [4] } },
};

const model = await loadModel(leakyFile());

test('a model has its own ports', () => {
  expect(() => {
    requirePorts(model, own);
  }).not.toThrow();
});

test.each<[string, Partial<ExpectedPorts>, string]>([
  ['another name', { inputs: { z: { shape: [1, 4] } } }, 'has input x [1,4], expected none of that name'],
  ['another extent', { outputs: { y: { shape: [1, 5] } } }, 'has output y [1,4], expected [1,5]'],
  ['another rank', { states: { s: { shape: [1, 4] } } }, 'has state s [4], expected [1,4]'],
  ['fewer', { states: {} }, 'has state s [4], expected none of that name'],
  ['more', { states: { s: { shape: [4] }, t: { shape: [2, 3] } } }, 'has no state t, expected [2,3]'],
  ['the name of something else', { inputs: { toString: { shape: [1, 4] } } }, 'expected none of that name'],
])('expected is %s', (_, changes, problem) => {
  expect(() => {
    requirePorts(model, { ...own, ...changes });
  }).toThrow(problem);
});
