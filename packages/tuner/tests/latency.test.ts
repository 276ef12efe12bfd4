import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { searchBlocks, type LayerSample, type WeightPruning } from '@grim/prune';
import type { Graph } from '@grim/ir';
import { describe, expect, test } from 'vitest';
import { defaultMachineRates, estimatedLatency, measuredLatency, openLatencyCache } from '../src/index.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const [rows, columns] = [64, 128];

const shape: LayerSample['shape'] = {
  op: { kind: 'linear' },
  inputShapes: [[1, columns], [rows, columns], null],
  constants: [1],
  outputs: 1,
};

function sample(pruning?: WeightPruning): LayerSample {
  return { layer: 'layer', shape, pruned: new Map(pruning ? [[1, pruning]] : []), seed: 1 };
}

const inBlocks = (blockRows: number, blockColumns: number, rate: number): WeightPruning => ({
  grid: { blockRows, blockColumns },
  projection: { rate, split: 'columns' },
});

const graph: Graph = {
  name: 'layer',
  inputs: [{ name: 'x', shape: [1, columns] }],
  outputs: [{ name: 'y', value: 'y' }],
  states: [],
  constants: new Map([['w', { shape: [rows, columns], data: new Float32Array(rows * columns).fill(1) }]]),
  nodes: [{ name: 'layer', op: { kind: 'linear' }, inputs: ['x', 'w', null], outputs: ['y'] }],
};

describe('estimatedLatency', () => {
  test('seconds follow from what the code does and the rates of the machine', async () => {
    const latency = estimatedLatency();
    expect(latency.source).toEqual({
      kind: 'estimate',
      device: defaultMachineRates.device,
      features: ['simd128'],
    });
    const steps: string[] = [];
    const [dense = NaN, pruned = NaN, fine = NaN] = await latency.layers(
      [sample(), sample(inBlocks(64, 128, 4)), sample(inBlocks(4, 16, 4))],
      (done, total) => steps.push(`${done}/${total}`),
    );
    expect(steps).toEqual(['1/3', '2/3', '3/3']);
    // A column of 16 rows takes 64 bytes of weights; inputs and outputs are hardly more than nothing beside them.
    const weightSeconds = (rows * columns * 4) / defaultMachineRates.movedBytes;
    expect(dense).toBeGreaterThan(weightSeconds);
    expect(dense).toBeLessThan(1.3 * weightSeconds);
    expect(pruned).toBeLessThan(dense / 2);
    expect(fine).toBeGreaterThan(pruned);
    const half = estimatedLatency({ ...defaultMachineRates, operations: 1 });
    expect((await half.layers([sample()]))[0]).toBeCloseTo(
      rows * columns + defaultMachineRates.callSeconds,
      0,
    );
  });

  test('a network has its copies, a lone layer has not; search of blocks', async () => {
    const latency = estimatedLatency();
    const [layer = NaN] = await latency.layers([sample()]);
    const [network = NaN] = await latency.networks([graph]);
    expect(network).toBeGreaterThanOrEqual(layer);
    const { weights } = await searchBlocks(graph, latency, { rate: 4 });
    expect(weights[0]?.candidates.at(-1)).toMatchObject({ block: { rows, columns }, slowdown: 1 });
    expect(weights[0]?.chosen.rows).toBeLessThan(rows);
  });
});

describe('measuredLatency', () => {
  test('times are positive, and kept: another search does not measure again', async () => {
    const file = join(temporaryFolder(), 'latency.json');
    const samples = [sample(), sample(inBlocks(16, 32, 4))];
    const latency = measuredLatency({ cache: await openLatencyCache(file) });
    expect(latency.source).toMatchObject({ kind: 'measurement', features: ['simd128'] });
    const measured = await latency.layers(samples);
    expect(measured).toHaveLength(2);
    for (const seconds of measured) expect(seconds).toBeGreaterThan(0);
    const networks = await latency.networks([graph, graph]);
    expect(networks).toHaveLength(2);
    for (const seconds of networks) expect(seconds).toBeGreaterThan(0);

    const steps: string[] = [];
    const again = measuredLatency({ cache: await openLatencyCache(file) });
    const kept = await again.layers([...samples].reverse(), (done, total) => steps.push(`${done}/${total}`));
    expect(kept).toEqual([...measured].reverse());
    expect(steps).toEqual(['2/2']);
    // The name of a layer does not matter; the seed of its mask does.
    expect(await again.layers([{ ...sample(), layer: 'other' }])).toEqual(measured.slice(0, 1));
    await again.layers([{ ...sample(), seed: 2 }]);
    const { seconds } = JSON.parse(readFileSync(file, 'utf8')) as { seconds: object };
    expect(Object.keys(seconds)).toHaveLength(3);
  });

  test('what is no cache is refused by the name of the file, and stays', async () => {
    const file = join(temporaryFolder(), 'notes.json');
    for (const text of [
      '',
      '{"format":"grim latency cache 1","seconds":{"a":-1}}',
      '[1]',
      '{"seconds":{}}',
    ]) {
      writeFileSync(file, text);
      await expect(openLatencyCache(file)).rejects.toThrow(
        `${file}: is no grim latency cache 1, or damaged; remove it, or give another file`,
      );
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });

  test('what two searches add is all there', async () => {
    const file = join(temporaryFolder(), 'latency.json');
    const [one, other] = [await openLatencyCache(file), await openLatencyCache(file)];
    await one.add(new Map([['a', 1]]));
    await other.add(new Map([['b', 2]]));
    const both = await openLatencyCache(file);
    expect([both.get('a'), both.get('b'), both.get('c')]).toEqual([1, 2, undefined]);
  });
});
