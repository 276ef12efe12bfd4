import { describe, expect, it } from 'vitest';
import { pruneByMagnitude, pruneByReweighting, retrain, type ReweightingOptions } from '../../src/index.ts';
import { expectBlocks, firstPruned } from './expectations.ts';
import { copyOf, denseTrainer, pruning, teacherTask } from './task.ts';

const seed = 1;
const options: ReweightingOptions = {
  ...pruning,
  training: { epochs: 10, learningRate: 0.01 },
  retraining: { epochs: 4, learningRate: (fraction) => 0.01 * (1 - fraction) },
};

describe(`pruneByReweighting (seed ${seed})`, () => {
  it('separates groups, so that what the projection takes is hardly missed', async () => {
    const task = teacherTask(seed, 32);
    const dense = await denseTrainer(task, seed + 50, 12);
    const oneShot = copyOf(dense);
    const pruned = pruneByMagnitude(dense.graph(), pruning);
    await retrain(oneShot, task.batches, { pruned, epochs: 0, learningRate: 0 });

    const trainer = copyOf(dense);
    const result = await pruneByReweighting(trainer, task.batches, options);
    expectBlocks(result, trainer);
    const weak = result.trace
      .filter(({ phase }) => phase === 'reweighted')
      .map(({ weights }) => weights['hidden:weights']?.['weak'] ?? NaN);
    expect(weak).toHaveLength(20);
    expect(weak[0]).toBeLessThan(0.2);
    expect(weak.at(-1)).toBeGreaterThan(0.6);
    expect(weak.at(-1)).toBeLessThan(0.8);
    expect(firstPruned(result).keptEnergy).toBeGreaterThan(0.9);
    expect(firstPruned(pruned).keptEnergy).toBeLessThan(0.6);
    expect(task.accuracy(trainer)).toBeGreaterThan(task.accuracy(oneShot) + 0.08);
    expect(await task.loss(trainer)).toBeLessThan((await task.loss(oneShot)) * 0.7);
  });

  it('adds the gradient of the penalty, whose weights stay until the next refresh', async () => {
    const task = teacherTask(seed, 2);
    for (const [split, pattern] of [
      ['columns', 'bcr'],
      ['rows', 'bcr'],
      ['both', 'bcr'],
      ['columns', 'unstructured'],
    ] as const) {
      const trainer = await denseTrainer(task, seed + 50, 2);
      const values = trainer.parameters.get('hidden.weight')?.data ?? new Float32Array();
      // What groups are weighted by: values at the beginning. They move before the second step.
      const then = values.slice();
      const { masks } = await pruneByReweighting(copyOf(trainer), task.batches, {
        ...options,
        split,
        pattern,
        keepEveryRow: false,
        training: { epochs: 0, learningRate: 0 },
        retraining: { epochs: 0, learningRate: 0 },
      });
      const got: { now: Float32Array; penalty: Float32Array }[] = [];
      let ofLoss = new Float32Array();
      const watched = {
        ...trainer,
        lossAndGradients: async (batch: Parameters<typeof trainer.lossAndGradients>[0]) => {
          const result = await trainer.lossAndGradients(batch);
          ofLoss = new Float32Array(result.gradients.get('hidden.weight') ?? []);
          return result;
        },
        step: (gradients: ReadonlyMap<string, Float32Array>): void => {
          const gradient = gradients.get('hidden.weight') ?? new Float32Array();
          got.push({
            now: values.slice(),
            penalty: gradient.map((value, index) => value - (ofLoss[index] ?? 0)),
          });
          for (const [index, value] of values.entries()) values[index] = value * (1 + 0.1 * Math.sin(index));
        },
      };
      await pruneByReweighting(watched, task.batches, {
        ...options,
        split,
        pattern,
        keepEveryRow: false,
        training: { epochs: 1, learningRate: 0.01 },
        retraining: { epochs: 0, learningRate: 0.01 },
        stepsPerUpdate: 2,
        strength: 5,
      });
      expect(got).toHaveLength(2);
      for (const { now, penalty } of got) {
        const step = 1e-3;
        let drawn = 0;
        for (const index of [0, 17, 18, 130, 500, 501, 702, 1023]) {
          const moved = (by: number): number =>
            penaltyOf(
              Float32Array.from(now, (value, at) => (at === index ? value + by : value)),
              then,
              split,
              pattern,
              masks.get('hidden.weight') ?? new Uint8Array(),
            );
          const slope = (moved(step) - moved(-step)) / (2 * step);
          expect(Math.abs((penalty[index] ?? NaN) - 5 * slope)).toBeLessThan(
            1e-5 + 0.02 * Math.abs(5 * slope),
          );
          if (slope !== 0) drawn++;
        }
        expect(drawn).toBeGreaterThan(0);
      }
    }
  });

  it('refuses strengths that mean nothing', async () => {
    const task = teacherTask(seed, 1);
    const trainer = await denseTrainer(task, seed, 0);
    for (const changes of [{ strength: 0 }, { strength: NaN }, { smoothing: -1 }]) {
      await expect(pruneByReweighting(trainer, task.batches, { ...options, ...changes })).rejects.toThrow(
        /^(strength|smoothing) must be a finite number above 0, got/,
      );
    }
  });
});

/** The penalty of a 32×32 matrix in blocks of 8×16 by its definition, for a strength of 1; groups that a mask keeps are left out. */
function penaltyOf(
  now: Float32Array,
  then: Float32Array,
  split: 'columns' | 'rows' | 'both',
  pattern: 'bcr' | 'unstructured',
  mask: Uint8Array,
): number {
  const indices = [...now.keys()];
  const at = (row: number, column: number): number => row * 32 + column;
  const range = (length: number): number[] => [...Array(length).keys()];
  const columns = range(4).flatMap((block) =>
    range(32).map((column) => range(8).map((row) => at(block * 8 + row, column))),
  );
  const rows = range(2).flatMap((block) =>
    range(32).map((row) => range(16).map((column) => at(row, block * 16 + column))),
  );
  const groupings =
    pattern === 'unstructured'
      ? [indices.map((index) => [index])]
      : split === 'both'
        ? [columns, rows]
        : [split === 'columns' ? columns : rows];
  const penalties = groupings.map((groups) => {
    const norm = (values: Float32Array, group: readonly number[]): number =>
      Math.hypot(...group.map((index) => values[index] ?? 0));
    const before = groups.map((group) => norm(then, group));
    const added = 0.1 * Math.sqrt(before.reduce((sum, each) => sum + each ** 2, 0) / before.length);
    const terms = groups.map((group, index) =>
      group.some((element) => mask[element] === 1) ? 0 : norm(now, group) / ((before[index] ?? 0) + added),
    );
    return terms.reduce((sum, term) => sum + term, 0) / terms.length;
  });
  return penalties.reduce((sum, each) => sum + each, 0) / penalties.length;
}
