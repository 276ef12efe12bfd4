import type { TrainingBatches } from '@grim/prune';
import type { Batch, Batches } from './create-batches.ts';

/**
 * Batches epoch by epoch, as the methods of `@grim/prune` take them.
 *
 * @param batches - Batches without end; they are moved to each epoch that is asked for.
 */
export function epochsOf<Target>(batches: Batches<Target>): TrainingBatches<Batch<Target>> {
  const { perEpoch } = batches;
  return {
    batchesPerEpoch: perEpoch,
    epoch: function* (index) {
      for (let taken = 0; taken < perEpoch; taken++) {
        batches.seek(index * perEpoch + taken);
        yield batches.next();
      }
    },
  };
}
