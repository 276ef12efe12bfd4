import { classificationCells } from '../cells/classification-cells.ts';
import type { ClassificationTask } from '../cells/classification-task.ts';
import { denseScore, meanDrop, present } from '../cells/summarise-grid.ts';
import { missingSpokenDigits, readSpokenDigits } from '../datasets/free-spoken-digits.ts';
import type { AccuracyTask } from '../task.ts';
import { spokenDigitExamples } from './spoken-digit-features.ts';
import { spokenDigitGraph } from './spoken-digit-graph.ts';

/** Recordings of each speaker and digit that are the test set. */
const testRecordings = 5;

const definition: ClassificationTask = {
  name: 'fsdd',
  revision: 1,
  unavailable: missingSpokenDigits,
  data: () => {
    const digits = readSpokenDigits();
    const isTest = ({ index }: (typeof digits)[number]): boolean => index < testRecordings;
    return {
      train: spokenDigitExamples(digits.filter((digit) => !isTest(digit))),
      test: spokenDigitExamples(digits.filter(isTest)),
    };
  },
  graph: spokenDigitGraph,
  batchSize: 50,
  batchAxis: 1,
  batchNorm: [],
  dense: { epochs: 20, learningRate: 2e-3 },
  admm: {
    epochs: 18,
    learningRate: 2e-3,
    penalty: { schedule: 'staged', attraction: 'proximal', initial: 3, factor: 2, stages: 4 },
    risingShare: 0.5,
    stepsPerUpdate: 54,
  },
  reweighted: { epochs: 18, learningRate: 2e-3 },
  gradual: { epochs: 18, learningRate: 2e-3 },
  retraining: (rate) => ({ epochs: rate > 10 ? 90 : 30, learningRate: 2e-3 }),
  rates: [10, 20],
  taught: true,
  block: { rows: 4, columns: 16 },
  otherBlocks: [],
  exclude: ['digits'],
  seeds: [1, 2, 3],
};

/** Spoken digits by a recurrent network: the Free Spoken Digit Dataset, judged on its own test recordings. */
export const fsdd: AccuracyTask = {
  name: definition.name,
  metric: 'accuracy',
  unavailable: definition.unavailable,
  cells: (quick) => classificationCells(definition, quick),
  summarise: (rows) => {
    const pattern = `bcr ${definition.block.rows}x${definition.block.columns}`;
    return present({
      fsdd_dense: denseScore(rows),
      fsdd_10x_drop: meanDrop(rows, { method: 'admm', pattern, rate: 10 }),
      fsdd_20x_drop: meanDrop(rows, { method: 'admm', pattern, rate: 20 }),
    });
  },
};
