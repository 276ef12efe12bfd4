import { maskOf } from '@grim/bcr';
import { evaluateGraph } from '@grim/ir';
import { importOnnx } from '@grim/onnx';
import { expect, test } from 'vitest';
import { models } from '../shapes/index.ts';
import { multiplyAddPeak } from '../src/measuring/multiply-add-peak.ts';
import { breakEvenRate } from '../src/suites/layers/break-even-rate.ts';
import { layerGraph } from '../src/suites/layers/layer-graph.ts';
import { layerOnnx, onnxInputs } from '../src/suites/layers/layer-onnx.ts';
import { layerRow } from '../src/suites/layers/layer-row.ts';
import { describeShape, outputSize, type LayerShape } from '../src/suites/layers/layer-shape.ts';
import { layerSides, type LayerSide } from '../src/suites/layers/layer-sides.ts';
import { makeLayer, usefulMacs, type Layer } from '../src/suites/layers/layer.ts';
import { neighbourOf } from '../src/suites/layers/measure-tails.ts';
import { isPrunable, pruneWeights } from '../src/suites/layers/pruning.ts';
import { requireAgreement } from '../src/suites/layers/require-agreement.ts';
import { summariseLayers } from '../src/suites/layers/summarise-layers.ts';
import { callsPerRound } from '../src/suites/layers/time-sides.ts';
import { formatDuration, progressWithRemainingTime } from '../src/suites/remaining-time.ts';

const conv = { kind: 'conv', name: 'conv', inputs: 8, outputs: 12, kernel: 3, stride: 2, size: 9 } as const;
const gru = { kind: 'gru', name: 'gru', inputs: 64, hidden: 64 } as const;
const small: readonly LayerShape[] = [
  conv,
  { ...conv, name: 'depthwise', outputs: 8, groups: 8, stride: 1 },
  { kind: 'linear', name: 'linear', rows: 64, columns: 128 },
  gru,
];

function inputsOf(inputs: Layer['inputs']): Record<string, Float32Array> {
  return Object.fromEntries(inputs.map(({ name, values }) => [name, values]));
}

test.each(small)('the ONNX model of $name computes what its graph computes', (shape) => {
  const layer = makeLayer('model', shape);
  const graph = layerGraph(layer);
  const imported = importOnnx(layerOnnx(layer));
  const expected = evaluateGraph(graph, { inputs: inputsOf(layer.inputs) }).outputs['y'];
  // What goes in as state and comes out changed is state of the imported graph.
  const isState = (name: string): boolean => imported.states.some((state) => state.name === name);
  const actual = evaluateGraph(imported, {
    inputs: inputsOf(onnxInputs(layer).filter(({ name }) => !isState(name))),
    states: inputsOf(onnxInputs(layer).filter(({ name }) => isState(name))),
  }).outputs['y'];
  expect(actual).toEqual(expected);
  expect(expected?.some((value) => value !== 0)).toBe(true);
});

test('multiply-adds are counted per use of a weight that is not zero', () => {
  expect(outputSize(conv)).toEqual([5, 5]);
  expect(makeLayer('model', conv).macs).toBe(12 * 8 * 9 * 25);
  const layer = makeLayer('model', gru);
  expect(layer.macs).toBe(2 * 3 * 64 * 64);
  const pruned = pruneWeights(layer, { blockRows: 8, blockColumns: 32, rowRate: 2, columnRate: 4 });
  expect(usefulMacs(pruned)).toBe(layer.macs / 8);
  for (const { matrix } of pruned) {
    const mask = maskOf(matrix, { blockRows: 8, blockColumns: 32 });
    expect(mask.keptRows.filter(Boolean)).toHaveLength(mask.keptRows.length / 2);
    expect(mask.keptColumns.filter(Boolean)).toHaveLength(mask.keptColumns.length / 4);
  }
});

test('weights and inputs are the same every time, and differ from one another', () => {
  const [first, second] = [makeLayer('model', gru), makeLayer('model', gru)];
  expect(first).toEqual(second);
  expect(first.weights[0]?.matrix.values).not.toEqual(first.weights[1]?.matrix.values);
});

test('narrow layers and those of many groups stay dense', () => {
  expect(small.map((shape) => isPrunable(makeLayer('model', shape)))).toEqual([true, false, true, true]);
  expect(isPrunable(makeLayer('model', { ...conv, inputs: 3 }))).toBe(false);
});

test.each(small)('all sides of $name compute the same', async (shape) => {
  const layer = makeLayer('model', shape);
  for (const { agreesWith, prepare } of Object.values<LayerSide>(layerSides)) {
    const side = await prepare(layer);
    const other = agreesWith ? layerSides[agreesWith as keyof typeof layerSides] : undefined;
    const expected = side && (await (other as LayerSide | undefined)?.prepare(layer));
    if (!side || !expected) continue;
    requireAgreement(shape.name, side.output, expected.output);
    await side.run();
    await side.close?.();
    await expected.close?.();
  }
});

test('engines that differ are found out', () => {
  requireAgreement('sum', Float32Array.of(1, 2), Float32Array.of(1.00001, 2));
  expect(() => {
    requireAgreement('sum', Float32Array.of(1, 2), Float32Array.of(1.1, 2));
  }).toThrow('sum: value 0 is 1');
  expect(() => {
    requireAgreement('sum', Float32Array.of(Number.NaN), Float32Array.of(1));
  }).toThrow('sum: value 0 is NaN');
  expect(() => {
    requireAgreement('sum', Float32Array.of(1), Float32Array.of(1, 2));
  }).toThrow('1 values, expected 2');
});

test('the break-even rate lies between the last slower and the first faster one', () => {
  const at = (...times: (number | undefined)[]): number | undefined =>
    breakEvenRate(times.map((time, index) => ({ rate: [1.25, 1.5, 2][index] ?? 0, time })));
  expect(at(0.9, 0.8, 0.7)).toBe(1.25);
  // Half way in the share of weights left: between 1/1.25 = 0.8 and 1/1.5 = 2/3.
  expect(at(1.1, 0.9, 0.7)).toBeCloseTo(1 / ((0.8 + 2 / 3) / 2), 9);
  expect(at(undefined, 0.9, 0.7)).toBe(1.5);
  expect(at(0.9, 1.1, 0.9)).toBeCloseTo(1 / ((2 / 3 + 0.5) / 2), 9);
  expect(at(1.3, 1.2, 1.1)).toBeUndefined();
});

test('slow layers are called once a round, quick ones as often as there is time for', () => {
  expect(callsPerRound(1000, 400)).toBe(1);
  expect(callsPerRound(22, 400)).toBe(16);
  expect(callsPerRound(0.1, 400)).toBe(40);
});

test('the neighbour of a width is the nearest multiple of the tile', () => {
  expect([27, 29, 31, 57, 113].map(neighbourOf)).toEqual([32, 32, 32, 64, 112]);
});

test('the summary takes worst layers and means of the right rows, and leaves out what was not measured', () => {
  const row = (layer: string, size: number, numbers: Record<string, number>): ReturnType<typeof layerRow> =>
    layerRow({ kind: 'vgg16-pruned', layer, shape: describeShape({ ...conv, size }), ...numbers });
  const summary = summariseLayers([
    row('large', 28, { vs_ort_web: 16, peak_fraction: 0.9, vs_ort_node: 2 }),
    row('small', 14, { vs_ort_web: 4, peak_fraction: 0.5, vs_ort_node: 1 }),
    layerRow({ kind: 'tails', layer: '27 beside 32', tail_penalty: 0.1 }),
    layerRow({ kind: 'tails', layer: '29 beside 32', tail_penalty: -0.2 }),
    ...[1.5, 1.25, undefined].map((rate) =>
      layerRow({ kind: 'break-even', layer: 'any', ...(rate && { break_even_rate: rate }) }),
    ),
  ]);
  expect(summary).toEqual({
    vgg_8x_vs_ort_web_geomean: expect.closeTo(8, 9) as number,
    vgg_8x_vs_ort_web_min: 4,
    vgg_8x_vs_ort_node_min: 2,
    vgg_8x_peak_fraction: 0.9,
    tail_penalty_max: 0.1,
    break_even_rate_median: 1.5,
  });
});

test('progress says what is left once it can know', () => {
  const lines: string[] = [];
  let time = 0;
  const step = progressWithRemainingTime(
    3,
    (line) => lines.push(line),
    () => time,
  );
  step('one');
  time = 40_000;
  step('two');
  time = 50_000;
  step('three');
  expect(lines).toEqual(['1/3 one', '2/3 two, 1 min 20 s left', '3/3 three, 25 s left']);
  expect(formatDuration(59_400)).toBe('59 s');
});

test('the peak is a loop that runs, of as many multiply-adds as it says', async () => {
  const texts: string[] = [];
  const { macs, run } = await multiplyAddPeak((left, right, addend) => {
    const text = `(f32x4.add (f32x4.mul ${left} ${right}) ${addend})`;
    texts.push(text);
    return text;
  });
  expect(new Set(texts).size).toBe(14);
  expect(macs % (texts.length * 4)).toBe(0);
  run();
});

test('layers have names of their own in every model', () => {
  for (const { model, layers } of models) {
    const names = layers.map(({ name }) => name);
    expect(new Set(names).size, model).toBe(names.length);
  }
});
