import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GrimError } from '@grim/ir';
import type { TrainingState } from '@grim/prune';
import writeFileAtomic from 'write-file-atomic';
import { readCheckpoint } from './read-checkpoint.ts';
import { writeCheckpoint } from './write-checkpoint.ts';

/** The error of a file system, if it is one. */
const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Names the file in what the file system refuses. */
async function naming<T>(file: string, what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const code = codeOf(error);
    throw code === undefined ? error : new GrimError(`cannot be ${what}: ${code}`, { file });
  }
}

/**
 * Writes a checkpoint: the whole file or nothing, under a name of its own first.
 *
 * @param file - Path; a file that is there is replaced.
 * @param state - What is kept.
 * @throws `GrimError` naming the file when the file system refuses.
 */
export async function saveCheckpoint(file: string, state: TrainingState): Promise<void> {
  const bytes = writeCheckpoint(state);
  await naming(file, 'written', () => writeFileAtomic(resolve(file), Buffer.from(bytes.buffer)));
}

/**
 * Reads a checkpoint; `undefined` where there is no such file.
 *
 * @param file - Path.
 * @throws `GrimError` naming the file when it is no checkpoint or the file system refuses.
 */
export async function loadCheckpoint(file: string): Promise<TrainingState | undefined> {
  const bytes = await naming(file, 'read', async () => {
    try {
      return await readFile(file);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
  return bytes && readCheckpoint(bytes, file);
}
