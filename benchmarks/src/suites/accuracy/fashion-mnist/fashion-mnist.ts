import { classificationCells } from '../cells/classification-cells.ts';
import type { ClassificationTask } from '../cells/classification-task.ts';
import { denseScore, meanDrop, present } from '../cells/summarise-grid.ts';
import { missingFashionMnist, readFashionMnist } from '../datasets/fashion-mnist.ts';
import type { AccuracyTask } from '../task.ts';
import { clothesExamples } from './clothes-examples.ts';
import { clothesGraph } from './clothes-graph.ts';

const definition: ClassificationTask = {
  name: 'fmnist',
  revision: 3,
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
    epochs: 2,
    learningRate: 1e-3,
    penalty: { schedule: 'staged', attraction: 'proximal', initial: 3, factor: 2, stages: 4 },
  },
  reweighted: { epochs: 2, learningRate: 1e-3 },
  gradual: { epochs: 2, learningRate: 1e-3 },
  retraining: () => ({ epochs: 7, learningRate: 2e-3 }),
  rates: [8, 16],
  // The hidden layer has two thirds of the weights that are pruned, and can spare most.
  layerRates: {
    8: { conv2: 3, conv3: 4, conv4: 4.5, conv5: 6.5, hidden: 10.9 },
    16: { conv2: 4.5, conv3: 7, conv4: 9, conv5: 13, hidden: 22.7 },
  },
  taught: false,
  block: { rows: 4, columns: 16 },
  otherBlocks: [
    { rows: 8, columns: 32 },
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
