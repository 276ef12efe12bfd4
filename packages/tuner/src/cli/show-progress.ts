import { Presets, SingleBar } from 'cli-progress';
import type { ProgressListener } from '../progress.ts';
import type { Terminal } from './terminal.ts';

/** A progress bar that can be ended. */
export interface ProgressDisplay {
  readonly listener: ProgressListener;
  readonly stop: () => void;
}

/** Shows progress on stderr when a person is looking, and nowhere otherwise. It appears with the first step. */
export function showProgress({ stderr }: Terminal): ProgressDisplay {
  if (stderr.isTTY !== true) return { listener: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: '{stage} {bar} {value}/{total}, {eta_formatted} left',
      clearOnComplete: true,
      stopOnComplete: false,
      stream: process.stderr,
      hideCursor: true,
      // The work does not yield, so the bar draws when it is told and not by a timer.
      synchronousUpdate: true,
    },
    Presets.shades_classic,
  );
  let total = 0;
  return {
    listener: (progress) => {
      if (total === 0) bar.start(progress.total, progress.done, { stage: progress.stage });
      else if (total !== progress.total) bar.setTotal(progress.total);
      total = progress.total;
      bar.update(progress.done, { stage: progress.stage });
    },
    stop: () => {
      if (total > 0) bar.stop();
    },
  };
}
