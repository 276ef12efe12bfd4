import { describe, expect, it } from 'vitest';
import { GrimError, type Graph } from '@grim/ir';
import {
  chooseRates,
  chosenRates,
  measureSensitivity,
  pruneByMagnitude,
  pruneByReconstruction,
  tradeOff,
  type CalibrationSequence,
  type RateTarget,
  type Sensitivity,
  type SensitivityOptions,
} from '../src/index.ts';
import { fakeLatency } from './fake-latency.ts';
import { sampleGraph, weights } from './graphs.ts';

const options: SensitivityOptions = { block: { rows: 4, columns: 16 }, rates: [4, 2, 8, 2] };

const calibration: CalibrationSequence[] = [
  Array.from({ length: 8 }, (_, run) => ({ x: weights([1, 20, 6], 100 + run).data })),
];

function measure(more: Partial<SensitivityOptions> = {}, graph = sampleGraph()): Promise<Sensitivity> {
  return measureSensitivity(graph, fakeLatency().latency, { ...options, ...more });
}

async function refusal(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (error instanceof GrimError) return error.message;
    throw error;
  }
  throw new Error('was not refused');
}

describe('measureSensitivity', () => {
  it('energy lost, bytes and multiply-adds are those of pruning by magnitude at the rate', async () => {
    const sensitivity = await measure();
    expect(sensitivity).toMatchObject({ error: 'energy', latency: { device: 'imaginary' } });
    expect(sensitivity.weights.map((weight) => weight.weights.join())).toEqual([
      'encoder/conv:weights',
      'lstm:w',
      'lstm:r',
      'head:weights,tail:weights',
    ]);
    expect(sensitivity.kept.map(({ weight }) => weight)).toEqual(['encoder/depthwise:weights']);
    for (const [index, rate] of [2, 4, 8].entries()) {
      const { report } = pruneByMagnitude(sampleGraph(), { rate, block: { rows: 4, columns: 16 } });
      for (const weight of sensitivity.weights) {
        const point = weight.points[index];
        const [name] = weight.weights;
        const pruned = report.weights.find(({ layer, operand }) => `${layer}:${operand}` === name);
        if (pruned?.outcome !== 'pruned' || !point) throw new Error(`${name ?? ''} was not pruned`);
        expect(point).toMatchObject({ rate, bytes: pruned.bcrcBytes });
        expect(point.error).toBeCloseTo(1 - pruned.keptEnergy, 12);
        const kept = weight.rows * weight.columns - pruned.zeros;
        expect(point.macs / weight.dense.macs).toBeCloseTo(kept / (weight.rows * weight.columns), 12);
        expect(point.seconds).toBeLessThan(weight.dense.seconds);
      }
      expect(report.totals.denseBytes).toBe(sensitivity.network.bytes);
    }
    // The LSTM runs 6 steps; two layers share one matrix and run 6 times each.
    expect(sensitivity.weights[1]?.dense.macs).toBe(6 * 64 * 24);
    expect(sensitivity.weights[3]?.dense.macs).toBe(2 * 6 * 16 * 16);
  });

  it('with calibration inputs errors are those of what layers compute', async () => {
    const stages = new Set<string>();
    const reconstructed = await measure({
      method: 'reconstruct',
      calibration,
      onProgress: ({ stage, done, total }) => {
        stages.add(stage);
        expect(done).toBeLessThanOrEqual(total);
      },
    });
    expect([...stages]).toEqual(['calibrating', 'pruning', 'timing']);
    const byMagnitude = await measure({ calibration });
    const { report } = await pruneByReconstruction(sampleGraph(), calibration, {
      layerInputs: 'dense',
      rate: 4,
      block: { rows: 4, columns: 16 },
    });
    for (const [index, weight] of reconstructed.weights.entries()) {
      const pruned = report.weights.find(({ layer, operand }) => `${layer}:${operand}` === weight.weights[0]);
      if (pruned?.outcome !== 'pruned') throw new Error('was not pruned');
      expect(weight.points[1]?.error).toBe(pruned.reconstruction?.outputError);
      expect(byMagnitude.weights[index]?.points[1]?.error).toBe(pruned.reconstruction?.magnitudeOutputError);
    }
    expect(byMagnitude.error).toBe('output');
  });

  it('rates that blocks do not allow are listed with the reason; what is wrong with the network is refused', async () => {
    const sensitivity = await measure({ block: { rows: 4, columns: 4 }, layers: ['lstm:r'] });
    expect(sensitivity.weights[0]?.refused).toEqual([
      { rate: 8, reason: expect.stringMatching(/cannot be pruned 8x in blocks of 4x4/) as string },
    ]);
    expect(await refusal(() => measure({ rates: [] }))).toMatch(/no rates to try/);
    expect(await refusal(() => measure({ rates: [1] }))).toMatch(/finite numbers above 1, got 1/);
    expect(await refusal(() => measure({ method: 'reconstruct' }))).toMatch(/needs calibration inputs/);
    const broken: Graph = sampleGraph();
    broken.constants.get('lstm.r')?.data.fill(NaN, 20, 21);
    expect(await refusal(() => measure({}, broken))).toMatch(/lstm:r: the weight in row 1, column 4 is NaN/);
  });
});

describe('chooseRates', () => {
  const targets: RateTarget[] = [
    { of: 'latency', atMost: 0.6, isShare: true },
    { of: 'size', atMost: 5000 },
    { of: 'macs', atMost: 0.4, isShare: true },
  ];

  it.each(targets)('keeps within $of at the least error of all choices', async (target) => {
    const sensitivity = await measure();
    const choice = chooseRates(sensitivity, target);
    const key = ({ latency: 'seconds', size: 'bytes', macs: 'macs' } as const)[target.of];
    expect(choice.predicted[key]).toBeLessThanOrEqual(choice.limit * (1 + 1e-9));
    expect(choice.errorBound).toBe(choice.error);
    // Everything that can be chosen, tried one by one.
    const all = sensitivity.weights.reduce<{ cost: number; error: number }[]>(
      (before, { dense, points }) =>
        before.flatMap(({ cost, error }) => [
          { cost, error },
          ...points.map((point) => ({ cost: cost - dense[key] + point[key], error: error + point.error })),
        ]),
      [{ cost: sensitivity.network[key], error: 0 }],
    );
    const within = all.filter(({ cost }) => cost <= choice.limit * (1 + 1e-9));
    expect(choice.error).toBeCloseTo(Math.min(...within.map(({ error }) => error)), 12);
    expect(chooseRates(sensitivity, target)).toEqual(choice);
  });

  it('size and multiply-adds are what pruning at these rates gives; layers that stay dense say why', async () => {
    const sensitivity = await measure();
    const choice = chooseRates(sensitivity, { of: 'size', atMost: 0.7, isShare: true });
    const { report } = pruneByMagnitude(sampleGraph(), {
      rate: chosenRates(choice),
      block: { rows: 4, columns: 16 },
    });
    expect(report.totals.storedBytes).toBe(choice.predicted.bytes);
    for (const { rate, reason } of choice.weights) expect(rate === null).toBe(reason !== undefined);
    expect(choice.weights.flatMap(({ reason }) => reason ?? [])).toContain(
      'the target is reached with less error without it',
    );
    const slow: Sensitivity = {
      ...sensitivity,
      weights: sensitivity.weights.map((weight, index) =>
        index === 0
          ? { ...weight, points: weight.points.map((point) => ({ ...point, seconds: 1 })) }
          : weight,
      ),
    };
    const [first] = chooseRates(slow, { of: 'latency', atMost: 0.8, isShare: true }).weights;
    expect(first).toMatchObject({ rate: null, reason: 'no rate makes it faster' });
  });

  it('targets that cannot be, or need nothing, are refused with the figures', async () => {
    const sensitivity = await measure();
    const choose = (target: RateTarget): Promise<string> => refusal(() => chooseRates(sensitivity, target));
    expect(await choose({ of: 'size', atMost: 100 })).toMatch(
      /^the target of 100 bytes cannot be reached: rates up to 8x come to \d+ bytes \(0\.\d+x of the dense network\)$/,
    );
    const least = Number(/come to (\d+) bytes/.exec(await choose({ of: 'size', atMost: 100 }))?.[1]);
    expect(chooseRates(sensitivity, { of: 'size', atMost: least }).predicted.bytes).toBe(least);
    expect(await choose({ of: 'macs', atMost: 1, isShare: true })).toMatch(/keeps within .* as it is/);
    expect(await choose({ of: 'latency', atMost: -1 })).toMatch(/must be a positive number, got -1/);
  });

  it('the trade-off goes from little error to little latency', async () => {
    const choices = tradeOff(await measure(), 'latency');
    expect(choices.length).toBeGreaterThan(5);
    for (const [index, { predicted, error }] of choices.entries()) {
      const before = choices[index - 1];
      if (!before) continue;
      expect(predicted.seconds).toBeLessThan(before.predicted.seconds);
      expect(error).toBeGreaterThan(before.error);
    }
  });

  it('goes down to the least that the rates tried can reach', async () => {
    const sensitivity = await measure();
    const { network, weights: measured } = sensitivity;
    const least = measured.reduce(
      (sum, { dense, points }) => sum - dense.bytes + Math.min(...points.map(({ bytes }) => bytes)),
      network.bytes,
    );
    expect(tradeOff(sensitivity, 'size').at(-1)?.predicted.bytes).toBe(least);
    const none = { ...sensitivity, weights: measured.map((weight) => ({ ...weight, points: [] })) };
    expect(tradeOff(none, 'size')).toEqual([]);
  });
});
