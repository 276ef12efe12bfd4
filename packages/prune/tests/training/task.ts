import { pruneByMagnitude, type Trainer, type TrainingBatches } from '../../src/index.ts';
import {
  classify,
  perceptronGraph,
  perceptronTrainer,
  randomWeights,
  type Examples,
  type Extents,
  type PerceptronWeights,
} from './perceptron.ts';
import { normalNumbers, uniformNumbers } from './random-numbers.ts';

export const extents: Extents = { inputs: 32, hidden: 32, classes: 4 };

/**
 * How the hidden layer of the teacher is pruned, and how its pupils are to be. Inputs may be cut off: at this rate, four block rows could keep
 * each only once, whatever it is worth.
 */
export const pruning = {
  rate: 4,
  block: { rows: 8, columns: 16 },
  exclude: ['head'],
  keepEveryColumn: false,
};

/** A task that a network with few weights can do: classes that such a teacher gives to correlated inputs. */
export interface Task {
  readonly batches: TrainingBatches<Examples>;
  readonly accuracy: (trainer: Trainer<Examples>) => number;
  readonly loss: (trainer: Trainer<Examples>) => Promise<number>;
}

export function teacherTask(seed: number, batchesPerEpoch = 16, batchSize = 32): Task {
  const dense = randomWeights(extents, seed);
  const { graph } = pruneByMagnitude(perceptronGraph(extents, dense), pruning);
  const teacher: PerceptronWeights = new Map(graph.constants);
  const normal = normalNumbers(seed + 1);
  const { inputs } = extents;
  const mixing = Float32Array.from({ length: inputs * inputs }, () => normal() / Math.sqrt(inputs));
  const draw = (count: number): Examples => {
    const x = new Float32Array(count * inputs);
    for (let example = 0; example < count; example++) {
      const sources = Array.from({ length: inputs }, normal);
      for (let input = 0; input < inputs; input++) {
        let sum = 0.3 * normal();
        for (const [index, source] of sources.entries())
          sum += source * (mixing[input * inputs + index] ?? 0);
        x[example * inputs + input] = sum;
      }
    }
    return { x, labels: classify(extents, teacher, x) };
  };
  const training = draw(batchesPerEpoch * batchSize);
  const test = draw(512);
  return {
    batches: {
      batchesPerEpoch,
      epoch: (index) => shuffled(training, batchSize, seed + 1000 + index),
    },
    accuracy: (trainer) => {
      const said = classify(extents, new Map(trainer.parameters), test.x);
      return said.filter((label, example) => label === test.labels[example]).length / test.labels.length;
    },
    loss: async (trainer) => (await trainer.lossAndGradients(test)).loss,
  };
}

/** A perceptron that was trained on a task without any zeros. */
export async function denseTrainer(task: Task, seed: number, epochs: number): Promise<Trainer<Examples>> {
  const trainer = perceptronTrainer(extents, randomWeights(extents, seed));
  for (let epoch = 0; epoch < epochs; epoch++) {
    for await (const batch of task.batches.epoch(epoch)) {
      trainer.step((await trainer.lossAndGradients(batch)).gradients, 0.005);
    }
  }
  return trainer;
}

/** Another trainer with the same values. */
export function copyOf(trainer: Trainer<Examples>): Trainer<Examples> {
  return perceptronTrainer(extents, new Map(trainer.parameters));
}

function* shuffled({ x, labels }: Examples, batchSize: number, seed: number): Generator<Examples> {
  const uniform = uniformNumbers(seed);
  const order = Array.from(labels, (_, index) => ({ index, key: uniform() }))
    .sort((a, b) => a.key - b.key)
    .map(({ index }) => index);
  const { inputs } = extents;
  for (let first = 0; first < order.length; first += batchSize) {
    const chosen = order.slice(first, first + batchSize);
    yield {
      x: Float32Array.from(chosen.flatMap((index) => [...x.subarray(index * inputs, (index + 1) * inputs)])),
      labels: Uint8Array.from(chosen, (index) => labels[index] ?? 0),
    };
  }
}
