import { mkdir, stat } from 'node:fs/promises';
import { GrimError } from '@grim/ir';
import { namingFile } from './naming-file.ts';

/**
 * Makes sure that a folder exists. Only its last part is created: a missing folder above it is more likely misspelt.
 *
 * @throws GrimError when the folder above does not exist or something else is in the way.
 */
export async function prepareOutputFolder(folder: string): Promise<void> {
  await namingFile(folder, async () => {
    try {
      await mkdir(folder);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if (!(await stat(folder)).isDirectory()) throw new GrimError('is no folder');
    }
  });
}
