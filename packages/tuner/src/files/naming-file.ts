import { GrimError } from '@grim/ir';
import { systemErrorText } from './system-error.ts';

/**
 * Runs `action`, whose problems are problems of `file`: errors of the file system become {@link GrimError}s, and those
 * that do not say where they are get the file.
 */
export async function namingFile<T>(file: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof GrimError) throw error.within({ file });
    const text = systemErrorText(error);
    throw text === undefined ? error : new GrimError(text, { file });
  }
}
