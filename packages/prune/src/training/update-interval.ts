import { checkCount } from './run-method.ts';
import type { TrainingBatches } from './training-batches.ts';
import type { TrainingPhase } from './training-options.ts';

/**
 * Steps from one update of a method to the next.
 *
 * @param updates - Updates in a phase when nothing else is asked for.
 * @throws `GrimError` when a number is no count.
 */
export function updateInterval(
  { training, stepsPerUpdate }: { readonly training: TrainingPhase; readonly stepsPerUpdate?: number },
  { batchesPerEpoch }: Pick<TrainingBatches<unknown>, 'batchesPerEpoch'>,
  updates: number,
): number {
  checkCount('epochs', training.epochs, 0);
  checkCount('batchesPerEpoch', batchesPerEpoch, 1);
  const interval = stepsPerUpdate ?? Math.max(1, Math.ceil((training.epochs * batchesPerEpoch) / updates));
  checkCount('stepsPerUpdate', interval, 1);
  return interval;
}
