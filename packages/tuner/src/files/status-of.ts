import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** What there is at a path, if anything; links are followed. */
export async function statusOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
