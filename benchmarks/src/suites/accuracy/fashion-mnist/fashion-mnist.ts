import { classificationCells } from '../cells/classification-cells.ts';
import type { ClassificationTask } from '../cells/classification-task.ts';
import { denseScore, meanDrop, present } from '../cells/summarise-grid.ts';
import { missingFashionMnist, readFashionMnist } from '../datasets/fashion-mnist.ts';
import type { AccuracyTask } from '../task.ts';
import { clothesExamples } from './clothes-examples.ts';
import { clothesGraph } from './clothes-graph.ts';

const definition: ClassificationTask = {
  name: 'fmnist',
  revision: 2,
  unavailable: missingFashionMnist,
  data: () => ({
    train: clothesExamples(readFashionMnist('train')),
    test: clothesExamples(readFashionMnist('t10k')),
  }),
  graph: clothesGraph,
  batchSize: 100,
  batchAxis: 0,
  batchNorm: ['conv*', 'hidden'],
  dense: { epochs: 8, learningRate: 3e-3 },
  admm: {
    epochs: 3,
    learningRate: 1e-3,
    penalty: { schedule: 'staged', attraction: 'proximal', initial: 3, factor: 2, stages: 4 },
  },
  reweighted: { epochs: 4, learningRate: 1e-3 },
  gradual: { epochs: 4, learningRate: 1e-3 },
  retraining: () => ({ epochs: 5, learningRate: 2e-3 }),
  rates: [8, 16],
  block: { rows: 8, columns: 32 },
  otherBlocks: [
    { rows: 4, columns: 16 },
    { rows: 16, columns: 64 },
    { rows: 32, columns: 128 },
  ],
  // Nine columns, and the classes: together a hundredth of the weights.
  exclude: ['conv1', 'clothes'],
  seeds: [1, 2, 3],
};

/** Pictures of clothes by a small network in the manner of VGG: Fashion-MNIST. */
export const fashionMnist: AccuracyTask = {
  name: definition.name,
  metric: 'accuracy',
  unavailable: definition.unavailable,
  cells: (quick) => classificationCells(definition, quick),
  summarise: (rows) => {
    const pattern = `bcr ${definition.block.rows}x${definition.block.columns}`;
    const admm = (rate: number, zeros = pattern): number | undefined =>
      meanDrop(rows, { method: 'admm', pattern: zeros, rate });
    const [bcr, free] = [admm(8), admm(8, 'unstructured')];
    return present({
      fmnist_dense: denseScore(rows),
      fmnist_8x_drop: bcr,
      fmnist_16x_drop: admm(16),
      bcr_vs_unstructured_gap_8x: bcr === undefined || free === undefined ? undefined : bcr - free,
    });
  },
};
