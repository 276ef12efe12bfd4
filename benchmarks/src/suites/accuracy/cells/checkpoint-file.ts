import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingState } from '@grim/prune';
import { readCheckpoint, writeCheckpoint } from '@grim/training';
import { sync as writeFileAtomic } from 'write-file-atomic';

/** The state of a run that is not finished. */
export interface CheckpointFile {
  /** What a run that was stopped has left; nothing when there was none. */
  readonly read: () => TrainingState | undefined;
  readonly write: (state: TrainingState) => void;
  /** The run is finished. */
  readonly remove: () => void;
}

/** A checkpoint in the folder of a cell, for this recipe and no other. */
export function checkpointFile(folder: string, recipe: string): CheckpointFile {
  const digest = createHash('sha256').update(recipe).digest('hex').slice(0, 16);
  const path = join(folder, `checkpoint-${digest}.safetensors`);
  return {
    read: () => (existsSync(path) ? readCheckpoint(readFileSync(path), path) : undefined),
    write: (state) => {
      writeFileAtomic(path, Buffer.from(writeCheckpoint(state)));
    },
    remove: () => {
      rmSync(path, { force: true });
    },
  };
}
