import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateGraph, type Graph } from '@grim/ir';
import { expect, onTestFinished, test } from 'vitest';
import type { AccuracyRow } from '../src/suites/accuracy/cells/accuracy-row.ts';
import { openCellStore } from '../src/suites/accuracy/cells/cell-store.ts';
import { cellMaker } from '../src/suites/accuracy/cells/make-cells.ts';
import { meanRows } from '../src/suites/accuracy/cells/mean-rows.ts';
import { seededRandom } from '../src/suites/accuracy/cells/seeded-random.ts';
import { denseScore, meanDrop, present } from '../src/suites/accuracy/cells/summarise-grid.ts';
import { timeModels } from '../src/suites/accuracy/cells/time-models.ts';
import { features, phoneGraph } from '../src/suites/accuracy/phones/phone-graph.ts';
import { asStreaming, overSteps } from '../src/suites/accuracy/phones/streaming.ts';
import type { AccuracyCell } from '../src/suites/accuracy/task.ts';

function graphOf(weight: number): Graph {
  return {
    name: 'one weight',
    inputs: [{ name: 'x', shape: [1, 1] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([['w', { shape: [1, 1], data: Float32Array.of(weight) }]]),
    nodes: [{ name: 'layer', op: { kind: 'linear' }, inputs: ['x', 'w'], outputs: ['y'] }],
  };
}

test('a cell is made once, after those it needs, and anew only under another recipe', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'grim-cells-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const made: string[] = [];
  const cellOf = (method: string, recipe: string, needs?: AccuracyCell): AccuracyCell => ({
    key: { task: 'sample', method, pattern: 'bcr 8x32', rate: needs ? 4 : 1, seed: 1 },
    recipe,
    run: async ({ resultOf }) => {
      const before = needs ? (await resultOf(needs)).score : 0;
      made.push(method);
      return { score: before + 0.25, graph: graphOf(made.length) };
    },
  });
  const maker = () => cellMaker({ store: openCellStore(folder), quick: false, progress: () => undefined });

  const dense = cellOf('dense', 'a');
  const pruned = cellOf('pruned', 'a', dense);
  expect((await maker()(pruned)).score).toBe(0.5);
  expect(made).toEqual(['dense', 'pruned']);

  const again = await maker()(pruned);
  expect(made).toEqual(['dense', 'pruned']);
  expect(again.score).toBe(0.5);
  expect(again.graph.constants.get('w')?.data[0]).toBe(2);

  await maker()(cellOf('pruned', 'b', dense));
  expect(made).toEqual(['dense', 'pruned', 'pruned']);
});

test('time that a stopped run has spent on a cell counts, under the same recipe', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'grim-cells-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const store = openCellStore(folder);
  let stopped = true;
  const cellOf = (recipe: string): AccuracyCell => ({
    key: { task: 'sample', method: 'dense', pattern: 'dense', rate: 1, seed: 1 },
    recipe,
    run: ({ progress }) => {
      progress('epoch 1/2');
      return stopped
        ? Promise.reject(new Error('stopped'))
        : Promise.resolve({ score: 1, graph: graphOf(1) });
    },
  });
  const make = (recipe: string) =>
    cellMaker({ store, quick: false, progress: () => undefined })(cellOf(recipe));

  store.writeSpent(cellOf('a'), 1000);
  await expect(make('a')).rejects.toThrow('stopped');
  expect(store.spent(cellOf('a'))).toBeGreaterThan(1000);
  stopped = false;
  expect((await make('a')).seconds).toBeGreaterThan(1000);
  expect(store.spent(cellOf('a'))).toBe(0);

  store.writeSpent(cellOf('a'), 1000);
  expect((await make('b')).seconds).toBeLessThan(1000);
});

const row: AccuracyRow = {
  kind: 'model',
  task: 'sample',
  method: 'dense',
  pattern: 'dense',
  rate: 1,
  seed: 1,
  seeds: 1,
  metric: 'accuracy',
  score: 0.9,
  dense_score: 0.9,
  spread: null,
  bytes: 100,
  dense_bytes: 100,
  p50_us: 10,
  dense_p50_us: 10,
  speed_up: 1,
  seconds: 5,
  recipe: 'a',
};
const admm = { method: 'admm', pattern: 'bcr 8x32', rate: 10 };
const rows: AccuracyRow[] = [
  row,
  { ...row, ...admm, score: 0.88 },
  { ...row, seed: 2, score: 0.94, dense_score: 0.94 },
  { ...row, ...admm, seed: 2, score: 0.93, dense_score: 0.95, bytes: 50 },
  { ...row, ...admm, seed: 3, score: 0.5, dense_score: 0.53 },
];

test('rows of one kind become one with mean and spread', () => {
  const means = meanRows(rows);
  expect(means.map(({ method, seeds, seed }) => [method, seeds, seed])).toEqual([
    ['dense', 2, null],
    ['admm', 3, null],
  ]);
  expect(means[0]?.score).toBeCloseTo(0.92, 12);
  expect(means[0]?.spread).toBeCloseTo(0.04, 12);
  expect(means[1]?.bytes).toBe(83);
  expect(means[1]?.dense_score).toBeCloseTo((0.9 + 0.95 + 0.53) / 3, 12);
});

test('a drop is one to the dense model that was pruned; what is not there is left out', () => {
  expect(denseScore(rows)).toBeCloseTo(0.92, 12);
  expect(meanDrop(rows, admm)).toBeCloseTo((0.02 + 0.02 + 0.03) / 3, 12);
  expect(meanDrop(rows, { ...admm, rate: 20 })).toBeUndefined();
  expect(present({ a: 1, b: undefined })).toEqual({ a: 1 });
});

test('a model beside itself has its own size', async () => {
  const graph = graphOf(1);
  const timing = await timeModels(graph, graph, true);
  expect(timing.bytes).toBe(timing.denseBytes);
  expect(timing.microseconds).toBeGreaterThan(0);
});

test('a network that takes steps computes what it computes over the whole sequence', () => {
  const steps = 3;
  const whole = phoneGraph(4, steps, seededRandom(7));
  const random = seededRandom(8);
  const frames = Float32Array.from({ length: steps * features }, () => random() - 0.5);
  const expected = evaluateGraph(whole, { inputs: { frames } }).outputs['logits'];

  const streaming = asStreaming(whole);
  const found: number[] = [];
  let states: Readonly<Record<string, Float32Array>> = {};
  for (let step = 0; step < steps; step++) {
    const inputs = { frames: frames.subarray(step * features, (step + 1) * features) };
    const run = evaluateGraph(streaming, { inputs, states });
    states = run.states;
    found.push(...(run.outputs['logits'] ?? []));
  }
  expect(Float32Array.from(found)).toEqual(expected);
  expect(overSteps(streaming, steps)).toEqual(whole);
});

test('numbers depend on every seed and on nothing else', () => {
  const first = (...seeds: number[]) => Array.from({ length: 3 }, seededRandom(...seeds));
  expect(first(1, 2)).toEqual(first(1, 2));
  expect(first(1, 2)).not.toEqual(first(2, 1));
  expect(first(1, 2)).not.toEqual(first(1, 3));
  expect(first(1).every((value) => value >= 0 && value < 1)).toBe(true);
});
