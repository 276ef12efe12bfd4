import { describe, expect, it } from 'vitest';
import {
  pruneByAdmm,
  pruneByMagnitude,
  retrain,
  type AdmmOptions,
  type TrainingProgress,
} from '../../src/index.ts';
import { expectBlocks, firstPruned } from './expectations.ts';
import { copyOf, denseTrainer, pruning, teacherTask } from './task.ts';

const seed = 1;
const options: AdmmOptions = {
  ...pruning,
  training: { epochs: 10, learningRate: 0.01 },
  retraining: { epochs: 4, learningRate: (fraction) => 0.01 * (1 - fraction) },
};

describe(`pruneByAdmm (seed ${seed})`, () => {
  it('finds few weights that do what one-shot pruning loses', async () => {
    const task = teacherTask(seed, 32);
    const dense = await denseTrainer(task, seed + 50, 12);
    const oneShot = copyOf(dense);
    const pruned = pruneByMagnitude(dense.graph(), pruning);
    await retrain(oneShot, task.batches, { pruned, epochs: 0, learningRate: 0 });

    const trainer = copyOf(dense);
    const result = await pruneByAdmm(trainer, task.batches, { ...options, dualStep: 1 });
    expectBlocks(result, trainer);
    expect(task.accuracy(trainer)).toBeGreaterThan(task.accuracy(oneShot) + 0.08);
    expect(task.accuracy(trainer)).toBeGreaterThan(task.accuracy(dense) - 0.02);
    expect(await task.loss(trainer)).toBeLessThan((await task.loss(oneShot)) * 0.7);
    expect(firstPruned(result).keptEnergy).toBeGreaterThan(0.97);
    expect(firstPruned(pruned).keptEnergy).toBeLessThan(0.6);
  });

  it.each([
    { penalty: { schedule: 'staged' }, rho: [3, 6, 12, 24] },
    {
      penalty: { schedule: 'staged', attraction: 'gradient', initial: 0.001 },
      rho: [0.001, 0.001 * 10, 0.001 * 100, 0.001 * 1000],
    },
    { penalty: { schedule: 'adaptive' } },
  ] as const)('draws weights to the pattern, $penalty', async (variant) => {
    const task = teacherTask(seed);
    const result = await pruneByAdmm(await denseTrainer(task, seed + 50, 8), task.batches, {
      ...options,
      penalty: variant.penalty,
    });
    const trace = result.trace.filter(({ phase }) => phase === 'admm');
    expect(trace.map(({ step }) => step)).toEqual([...trace.keys()].map((index) => 16 * (index + 1)));
    expect(trace).toHaveLength(10);
    const measures = trace.map(({ weights }) => weights['hidden:weights']);
    const primal = measures.map((each) => each?.['primal'] ?? NaN);
    expect(primal[0]).toBeGreaterThan(0.5);
    expect(primal.at(-1)).toBeLessThan(0.5);
    const rho = measures.map((each) => each?.['rho'] ?? NaN);
    expect(rho.at(-1)).toBeGreaterThan(0.05);
    if ('rho' in variant) expect([...new Set(rho)]).toEqual(variant.rho);
    for (const { dual } of measures.map((each) => ({ dual: each?.['dual'] ?? NaN }))) {
      expect(dual).toBeGreaterThanOrEqual(0);
    }
    expect(result.trace.filter(({ phase }) => phase === 'retraining').map(({ epoch }) => epoch)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(result.trace.every(({ loss }) => loss > 0 && loss < 3)).toBe(true);
  });

  it('tells how far it is, and gives the same result each time', async () => {
    const task = teacherTask(seed);
    const dense = await denseTrainer(task, seed + 50, 4);
    const told: TrainingProgress[] = [];
    const short = { ...options, training: { epochs: 2, learningRate: 0.005 } };
    const [first, second] = [copyOf(dense), copyOf(dense)];
    const a = await pruneByAdmm(first, task.batches, {
      ...short,
      onProgress: (progress) => told.push(progress),
    });
    const b = await pruneByAdmm(second, task.batches, short);
    expect(second.parameters).toEqual(first.parameters);
    expect({ masks: b.masks, trace: b.trace, report: b.report }).toEqual({
      masks: a.masks,
      trace: a.trace,
      report: a.report,
    });
    expect(told).toHaveLength(6 * 16);
    expect(told[16]).toMatchObject({
      phase: 'admm',
      epoch: 1,
      epochs: 2,
      step: 17,
      steps: 32,
      learningRate: 0.005,
    });
    expect(told.at(-1)).toMatchObject({
      phase: 'retraining',
      epoch: 4,
      epochs: 4,
      step: 64,
      steps: 64,
      secondsLeft: 0,
    });
    expect(told.at(-1)?.learningRate).toBeCloseTo(0.01 / 64, 8);
    expect(told.every(({ secondsLeft, loss }) => secondsLeft >= 0 && loss > 0)).toBe(true);
  });

  it('refuses penalties that mean nothing', async () => {
    const task = teacherTask(seed, 1);
    const trainer = await denseTrainer(task, seed, 0);
    await expect(pruneByAdmm(trainer, task.batches, { ...options, dualStep: 1.5 })).rejects.toThrow(
      'dualStep must be a number from 0 to 1, got 1.5',
    );
    const refused = (penalty: AdmmOptions['penalty']): Promise<unknown> =>
      expect(pruneByAdmm(trainer, task.batches, { ...options, ...(penalty && { penalty }) })).rejects.toThrow(
        /of the penalty must be/,
      );
    await refused({ schedule: 'staged', stages: 0 });
    await refused({ schedule: 'staged', initial: 0 });
    await refused({ schedule: 'adaptive', factor: 0.5 });
    await refused({ schedule: 'adaptive', ratio: NaN });
    await refused({ schedule: 'adaptive', initial: 2 });
  });
});
