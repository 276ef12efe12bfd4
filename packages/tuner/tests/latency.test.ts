import { searchBlocks, type LayerSample, type WeightPruning } from '@grim/prune';
import type { Graph } from '@grim/ir';
import { describe, expect, test } from 'vitest';
import { defaultMachineRates, estimatedLatency } from '../src/index.ts';

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
    expect(await latency.network(graph)).toBeGreaterThanOrEqual(layer);
    const { weights } = await searchBlocks(graph, latency, { rate: 4 });
    expect(weights[0]?.candidates.at(-1)).toMatchObject({ block: { rows, columns }, slowdown: 1 });
    expect(weights[0]?.chosen.rows).toBeLessThan(rows);
  });
});
