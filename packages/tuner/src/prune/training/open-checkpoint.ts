import { rm } from 'node:fs/promises';
import { GrimError } from '@grim/ir';
import type { RunOptions, TrainingState } from '@grim/prune';
import { namingFile } from '../../files/naming-file.ts';
import type { RunOrigin } from './run-origin.ts';

/** A file that holds the state of a run while it runs. */
export interface Checkpoint {
  /**
   * What resumes the run from the file, where it was there, and keeps its state in it.
   *
   * @throws GrimError when the file is of another run, naming what differs.
   */
  readonly follow: (origin: RunOrigin) => Pick<RunOptions, 'onCheckpoint' | 'resume'>;
  /** Removes the file: the run is over. */
  readonly remove: () => Promise<void>;
}

/** Under what the origin of a run is kept, beside what its method keeps. */
const originKey = 'origin';

/**
 * Reads a checkpoint where there is one.
 *
 * @param file - Its path, which can be written.
 * @throws GrimError naming the file when it holds something else.
 */
export async function openCheckpoint(file: string): Promise<Checkpoint> {
  const { loadCheckpoint, saveCheckpoint } = await import('@grim/training/node');
  const earlier = await loadCheckpoint(file);
  return {
    follow: (origin) => {
      if (earlier) checkOrigin(file, earlier, origin);
      return {
        ...(earlier && { resume: earlier }),
        onCheckpoint: ({ tensors, json }) =>
          saveCheckpoint(file, { tensors, json: { ...json, [originKey]: origin } }),
      };
    },
    remove: () => namingFile(file, () => rm(file, { force: true })),
  };
}

function checkOrigin(file: string, { json }: TrainingState, now: RunOrigin): void {
  const then = json[originKey];
  if (!isRecord(then)) throw new GrimError('is a checkpoint, but not one of grim prune', { file });
  for (const name of new Set([...Object.keys(now), ...Object.keys(then)])) {
    if (now[name] !== then[name]) throw new GrimError(difference(name, then[name], now[name]), { file });
  }
}

function difference(name: string, then: unknown, now: string | undefined): string {
  const [before, after] = [then, now].map((value) => (typeof value === 'string' ? value : 'none'));
  if (name === 'grim') return `is a checkpoint of grim ${before}, this is ${after}`;
  if (name === 'model') return 'is a checkpoint of another model: its layers or weights differ';
  if (name === 'examples') return 'is a checkpoint of a run on other examples (--data)';
  // Of labels a hash is kept, which tells nobody anything.
  if (name === '--labels') return 'is a checkpoint of a run with other --labels, or without';
  return `is a checkpoint of a run with ${name} ${before}, now it is ${after}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
