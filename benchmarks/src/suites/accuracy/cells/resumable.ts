import type { RunOptions } from '@grim/prune';
import { formatDuration } from '../../remaining-time.ts';
import type { CellContext } from '../task.ts';
import type { CheckpointFile } from './checkpoint-file.ts';

/** Options of a run that tells its progress, keeps its state after each epoch, and goes on where one before it was stopped. */
export function resumable({ progress }: CellContext, checkpoint: CheckpointFile): RunOptions {
  const resume = checkpoint.read();
  let told = '';
  return {
    ...(resume && { resume }),
    onCheckpoint: checkpoint.write,
    onProgress: ({ phase, epoch, epochs, loss, secondsLeft }) => {
      const place = `${phase} ${epoch}/${epochs}`;
      if (place === told) return;
      told = place;
      progress(`${place}, loss ${loss.toFixed(4)}, ${formatDuration(secondsLeft * 1000)} left`);
    },
  };
}
