import type { Graph } from '@grim/ir';
import {
  pruneByAdmm,
  pruneByMagnitude,
  pruneByReconstruction,
  pruneByReweighting,
  pruneGradually,
  retrain,
  type TrainedPruning,
} from '@grim/prune';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBatches, createTrainer, crossEntropy, type GraphTrainer } from '../../src/index.ts';
import { bands, classes, drawTones, steps, toneClassifier } from './contours.ts';

const seed = 4;
const training = drawTones(1024, seed);
const test = drawTones(512, seed + 1);
const batch = { size: 64, axes: { x: 1 } };
/** Few block rows: to keep every band at this rate would leave little to choose. */
const pruning = { rate: 5, block: { rows: 16, columns: 16 }, exclude: ['head'], keepEveryColumn: false };
const learningRate = 0.005;
const falling = (fraction: number): number => learningRate * (1 - fraction);

const batches = createBatches(
  { inputs: { x: training.x }, target: (chosen) => chosen.map((example) => training.labels[example] ?? 0) },
  { batch, seed },
);

function trainerOf(graph: Graph): Promise<GraphTrainer<ArrayLike<number>>> {
  return createTrainer(graph, { batch, loss: crossEntropy() });
}

async function accuracyOf(graph: Graph): Promise<number> {
  const logits = (await (await trainerOf(graph)).predict({ x: test.x })).get('y')?.data ?? new Float32Array();
  const said = Array.from(test.labels, (_, example) => {
    const own = logits.subarray(example * classes, (example + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
  return said.filter((label, example) => label === test.labels[example]).length / said.length;
}

describe(`pruning a small GRU that hears how tones move, 5x (seed ${seed})`, () => {
  let dense: Graph;
  let denseAccuracy: number;
  let oneShotAccuracy: number;

  beforeAll(async () => {
    const trainer = await trainerOf(toneClassifier(seed));
    const epochs = 12;
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const each of batches.epoch(epoch)) {
        trainer.step((await trainer.lossAndGradients(each)).gradients, 0.008 * (1 - epoch / epochs));
      }
    }
    dense = trainer.graph();
    denseAccuracy = await accuracyOf(dense);
    oneShotAccuracy = await accuracyOf(pruneByMagnitude(dense, pruning).graph);
  }, 180_000);

  it('has a task that one-shot pruning fails', () => {
    expect(denseAccuracy).toBeGreaterThan(0.97);
    expect(oneShotAccuracy).toBeLessThan(denseAccuracy - 0.2);
  });

  it.each<[string, number, () => Promise<Pick<TrainedPruning, 'graph' | 'report'>>]>([
    [
      'magnitude and retraining',
      0.08,
      async () =>
        retrain(await trainerOf(dense), batches, {
          pruned: pruneByMagnitude(dense, pruning),
          epochs: 8,
          learningRate: falling,
        }),
    ],
    [
      'ADMM',
      0.06,
      async () =>
        pruneByAdmm(await trainerOf(dense), batches, {
          ...pruning,
          training: { epochs: 6, learningRate },
          retraining: { epochs: 4, learningRate: falling },
        }),
    ],
    [
      'reweighted group lasso',
      0.06,
      async () =>
        pruneByReweighting(await trainerOf(dense), batches, {
          ...pruning,
          training: { epochs: 6, learningRate },
          retraining: { epochs: 4, learningRate: falling },
        }),
    ],
    [
      'gradual magnitude',
      0.06,
      async () =>
        pruneGradually(await trainerOf(dense), batches, {
          ...pruning,
          training: { epochs: 6, learningRate },
          retraining: { epochs: 4, learningRate: falling },
        }),
    ],
    [
      'reconstruction without labels',
      0.2,
      () => {
        const extent = steps * bands;
        const calibration = Array.from({ length: 96 }, (_, example) => [
          { x: training.x.data.subarray(example * extent, (example + 1) * extent) },
        ]);
        return Promise.resolve(pruneByReconstruction(dense, calibration, pruning));
      },
    ],
  ])('%s stays within %f of dense', async (_name, distance, prune) => {
    const { graph, report } = await prune();
    const accuracy = await accuracyOf(graph);
    expect(accuracy).toBeGreaterThan(denseAccuracy - distance);
    expect(accuracy).toBeGreaterThan(oneShotAccuracy + 0.1);
    for (const weight of report.weights) {
      if (weight.outcome === 'pruned') expect(weight.achievedRate).toBeGreaterThan(4.5);
    }
    expect(report.weights.map(({ outcome }) => outcome)).toEqual(['pruned', 'pruned', 'dense']);
  });
});
