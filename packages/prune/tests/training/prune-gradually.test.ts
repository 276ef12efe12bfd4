import { describe, expect, it } from 'vitest';
import { pruneByMagnitude, pruneGradually, retrain, type GradualOptions } from '../../src/index.ts';
import { expectBlocks } from './expectations.ts';
import { copyOf, denseTrainer, pruning, teacherTask } from './task.ts';

const seed = 2;
const options: GradualOptions = {
  ...pruning,
  training: { epochs: 6, learningRate: 0.005 },
  retraining: { epochs: 3, learningRate: (fraction) => 0.005 * (1 - fraction) },
};

describe(`pruneGradually (seed ${seed})`, () => {
  it('raises the rate along a cubic schedule, and loses less than one-shot pruning', async () => {
    const task = teacherTask(seed);
    const dense = await denseTrainer(task, seed + 50, 12);
    const oneShot = copyOf(dense);
    const pruned = pruneByMagnitude(dense.graph(), pruning);
    await retrain(oneShot, task.batches, { pruned, epochs: 0, learningRate: 0 });
    const trainer = copyOf(dense);
    const result = await pruneGradually(trainer, task.batches, { ...options, stepsPerUpdate: 12 });
    expectBlocks(result, trainer);
    expect(await task.loss(trainer)).toBeLessThan(await task.loss(oneShot));

    const gradual = result.trace.filter(({ phase }) => phase === 'gradual');
    expect(gradual.map(({ step }) => step)).toEqual([12, 24, 36, 48, 60, 72, 84, 96]);
    const rates = gradual.map(({ weights }) => weights['hidden:weights']?.['rate'] ?? NaN);
    for (const [index, rate] of rates.entries()) {
      const left = 1 - (index + 1) / 8;
      // Whole columns: 16 in a block.
      expect(Math.abs(16 / rate - 16 * (1 - 0.75 * (1 - left ** 3)))).toBeLessThanOrEqual(0.5 + 1e-9);
    }
    expect(rates.at(-1)).toBe(4);
  });

  it('lets pruned weights come back with the values that they had', async () => {
    const task = teacherTask(seed, 4);
    const trainer = await denseTrainer(task, seed + 50, 4);
    const values = trainer.parameters.get('hidden.weight')?.data ?? new Float32Array();
    const whole = values.slice();
    const shrinking = {
      ...trainer,
      step: (): void => {
        for (const [index, value] of values.entries()) values[index] = value * 0.001;
      },
    };
    const { masks } = await pruneGradually(shrinking, task.batches, {
      ...options,
      training: { epochs: 1, learningRate: 0.005 },
      retraining: { epochs: 0, learningRate: 0 },
      stepsPerUpdate: 2,
    });
    const mask = masks.get('hidden.weight') ?? new Uint8Array();
    // Two steps before the first update shrank everything, two more only what was kept by it.
    values.forEach((value, index) => {
      if (mask[index] === 1) expect(value / (whole[index] ?? NaN)).toBeCloseTo(1e-6, 9);
      else expect(value).toBe(0);
    });
  });

  it('works without a phase in which the rate rises', async () => {
    const task = teacherTask(seed, 2);
    const trainer = await denseTrainer(task, seed + 50, 2);
    const result = await pruneGradually(trainer, task.batches, {
      ...options,
      training: { epochs: 0, learningRate: 0 },
      retraining: { epochs: 0, learningRate: 0 },
    });
    expectBlocks(result, trainer);
    expect(result.trace).toEqual([]);
  });
});
