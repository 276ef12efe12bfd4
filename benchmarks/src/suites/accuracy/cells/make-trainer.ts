import type { Graph, Tensor } from '@grim/ir';
import type { TrainingBatches } from '@grim/prune';
import { adam, createTrainer, type Batch, type GraphTrainer } from '@grim/training';
import type { Examples } from '../datasets/examples.ts';
import type { ClassificationTask } from './classification-task.ts';
import { exampleBatches } from './example-batches.ts';
import { taughtCrossEntropy, type ClassTarget } from './taught-cross-entropy.ts';

/** A trainer with batches that fit it. */
export interface TaskTrainer extends GraphTrainer<ClassTarget> {
  readonly batches: (examples: Examples, seed: number) => TrainingBatches<Batch<ClassTarget>>;
}

/**
 * A trainer for the network of a task.
 *
 * @param graph - The network.
 * @param teacher - What the network is pruned from: it teaches in every batch.
 */
export async function makeTrainer(
  { batchSize, batchAxis, batchNorm }: Pick<ClassificationTask, 'batchAxis' | 'batchNorm' | 'batchSize'>,
  graph: Graph,
  teacher?: Graph,
): Promise<TaskTrainer> {
  const [input] = graph.inputs;
  const [output] = graph.outputs;
  if (!input || !output) throw new Error(`${graph.name} has no input or no output`);
  const batch = { size: batchSize, axes: { [input.name]: batchAxis } };
  const loss = taughtCrossEntropy();
  const trainer = await createTrainer(graph, {
    batch,
    loss,
    optimiser: adam({ weightDecay: 1e-4 }),
    batchNorm,
  });
  const wise = teacher && (await createTrainer(teacher, { batch, loss }));
  const logitsOf = async (examples: Tensor): Promise<Float32Array> => {
    const outputs = await wise?.predict({ [input.name]: examples });
    return outputs?.get(output.name)?.data ?? new Float32Array(0);
  };
  return {
    ...trainer,
    batches: (examples, seed) =>
      exampleBatches(examples, { input, batch, seed, ...(wise && { teacher: logitsOf }) }),
  };
}
