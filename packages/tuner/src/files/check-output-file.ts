import { dirname, resolve } from 'node:path';
import { access, constants } from 'node:fs/promises';
import { GrimError } from '@grim/ir';
import { namingFile } from './naming-file.ts';
import { statusOf } from './status-of.ts';

/**
 * Refuses a path that cannot, or should not, be written: before the work starts, so that none is lost.
 *
 * @param file - The file to be written.
 * @param inputs - Files that are read by the same command, which must survive it under any name.
 * @throws GrimError when the folder does not exist or cannot be written to, when something that is no regular file is in the way, or when
 * the file is one of the inputs.
 */
export async function checkOutputFile(file: string, inputs: readonly string[]): Promise<void> {
  await namingFile(file, async () => {
    // Everything is asked about the path that is written: `missing/../x` is `x` there, but does not exist here.
    const path = resolve(file);
    const folder = dirname(path);
    const parent = await statusOf(folder);
    if (!parent) throw new GrimError(`cannot be written, the folder ${folder} does not exist`);
    if (!parent.isDirectory()) throw new GrimError(`cannot be written, ${folder} is no folder`);
    // A new file takes the place of an old one, so it is the folder that has to be writable.
    await access(folder, constants.W_OK | constants.X_OK);
    const existing = await statusOf(path);
    if (!existing) return;
    if (existing.isDirectory()) throw new GrimError('cannot be written, a folder is in its place');
    if (!existing.isFile()) throw new GrimError('cannot be written, it is not a regular file');
    for (const input of inputs) {
      const source = await statusOf(input);
      if (source?.ino === existing.ino && source.dev === existing.dev) {
        throw new GrimError(`is also an input (${input}), which would be overwritten; choose another output`);
      }
    }
  });
}
