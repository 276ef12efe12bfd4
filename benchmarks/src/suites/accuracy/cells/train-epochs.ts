import type { TrainingBatches } from '@grim/prune';
import { restoreTrainer, trainerState, type Batch, type GraphTrainer } from '@grim/training';
import type { CheckpointFile } from './checkpoint-file.ts';

/** How a network is trained that is not pruned. */
export interface EpochOptions {
  readonly epochs: number;
  /** The learning rate at a share of the training, from 0 to 1. */
  readonly learningRate: (share: number) => number;
  readonly checkpoint: CheckpointFile;
  readonly progress: (line: string) => void;
}

/** Trains all of a network, from where an earlier run was stopped. */
export async function trainEpochs<Target>(
  trainer: GraphTrainer<Target>,
  { batchesPerEpoch, epoch }: TrainingBatches<Batch<Target>>,
  { epochs, learningRate, checkpoint, progress }: EpochOptions,
): Promise<void> {
  const resumed = checkpoint.read();
  if (resumed) restoreTrainer(trainer, resumed);
  for (let index = Number(resumed?.json['epoch'] ?? 0); index < epochs; index++) {
    let sum = 0;
    let step = 0;
    for await (const batch of epoch(index)) {
      const { loss, gradients } = await trainer.lossAndGradients(batch);
      trainer.step(gradients, learningRate((index + step++ / batchesPerEpoch) / epochs));
      sum += loss;
    }
    checkpoint.write(trainerState(trainer, { epoch: index + 1 }));
    progress(`epoch ${index + 1}/${epochs}, loss ${(sum / batchesPerEpoch).toFixed(4)}`);
  }
}
