import type { TrainingBatches } from '@grim/prune';
import { cosineRate, restoreTrainer, trainerState, type Batch, type GraphTrainer } from '@grim/training';
import type { CheckpointFile } from './checkpoint-file.ts';
import type { Phase } from './classification-task.ts';

/** How a network is trained that is not pruned. */
export interface EpochOptions extends Phase {
  readonly checkpoint: CheckpointFile;
  readonly progress: (line: string) => void;
}

/** Trains all of a network, from where an earlier run was stopped; the learning rate falls to zero along half a cosine. */
export async function trainEpochs<Target>(
  trainer: GraphTrainer<Target>,
  { batchesPerEpoch, epoch }: TrainingBatches<Batch<Target>>,
  { epochs, learningRate, checkpoint, progress }: EpochOptions,
): Promise<void> {
  const rateAt = cosineRate(learningRate);
  const resumed = checkpoint.read();
  if (resumed) restoreTrainer(trainer, resumed);
  for (let index = Number(resumed?.json['epoch'] ?? 0); index < epochs; index++) {
    let sum = 0;
    let step = 0;
    for await (const batch of epoch(index)) {
      const { loss, gradients } = await trainer.lossAndGradients(batch);
      trainer.step(gradients, rateAt((index + step++ / batchesPerEpoch) / epochs));
      sum += loss;
    }
    checkpoint.write(trainerState(trainer, { epoch: index + 1 }));
    progress(`epoch ${index + 1}/${epochs}, loss ${(sum / batchesPerEpoch).toFixed(4)}`);
  }
}
