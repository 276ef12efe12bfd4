import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { GrimError } from '@grim/ir';
import { namingFile } from './naming-file.ts';
import { statusOf } from './status-of.ts';

/**
 * Refuses a path where no folder can be written: before the work starts, so that none is lost.
 *
 * @throws GrimError when the folder above does not exist, for it is more likely misspelt, when something else is in the way, or when nothing
 * can be written there.
 */
export async function checkOutputFolder(folder: string): Promise<void> {
  await namingFile(folder, async () => {
    const path = resolve(folder);
    const above = dirname(path);
    const parent = await statusOf(above);
    if (!parent) throw new GrimError(`cannot be written, the folder ${above} does not exist`);
    if (!parent.isDirectory()) throw new GrimError(`cannot be written, ${above} is no folder`);
    const existing = await statusOf(path);
    if (existing && !existing.isDirectory()) throw new GrimError('is no folder');
    await access(existing ? path : above, constants.W_OK | constants.X_OK);
  });
}
