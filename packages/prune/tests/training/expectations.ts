import { expect } from 'vitest';
import { keptCells, maskOf } from '@grim/bcr';
import { validateGraph } from '@grim/ir';
import type { PrunedWeightReport, TrainedPruning, Trainer } from '../../src/index.ts';

/** The report of the first pruned weight. */
export function firstPruned({ report }: Pick<TrainedPruning, 'report'>): PrunedWeightReport {
  for (const weight of report.weights) if (weight.outcome === 'pruned') return weight;
  throw new Error('nothing was pruned');
}

/** Expects masks of whole rows and columns of blocks at exactly the rate, and parameters and graph that agree with them. */
export function expectBlocks(result: TrainedPruning, trainer: Trainer<never>): void {
  validateGraph(result.graph);
  const pruned = result.report.weights.filter((weight) => weight.outcome === 'pruned');
  expect([...result.masks.keys()]).toEqual(pruned.map(({ value }) => value));
  for (const weight of pruned) {
    const mask = result.masks.get(weight.value) ?? new Uint8Array();
    const { rows, columns, block } = weight;
    const grid = { blockRows: block.rows, blockColumns: block.columns };
    const ones = mask.reduce((sum, flag) => sum + flag, 0);
    expect(mask.length / ones).toBe(weight.requestedRate);
    expect(weight.achievedRate).toBe(weight.requestedRate);
    // The tightest pattern of blocks over the mask has no cell that the mask lacks.
    expect(keptCells(maskOf({ rows, columns, values: Float32Array.from(mask) }, grid))).toBe(ones);
    const values = trainer.parameters.get(weight.value)?.data ?? new Float32Array();
    expect(result.graph.constants.get(weight.value)?.data).toEqual(values);
    values.forEach((value, index) => {
      if (mask[index] === 0) expect(Object.is(value, 0)).toBe(true);
    });
    const node = result.graph.nodes.find(({ name }) => name === weight.layer);
    expect(node?.weights).toContainEqual({ input: 1, bcr: { ...grid, rate: weight.requestedRate } });
  }
}
