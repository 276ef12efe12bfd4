import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { namingFile } from './naming-file.ts';

/** Where a file is or will be, whatever links lead to its folder, which exists. */
export function placeOf(file: string): Promise<string> {
  const path = resolve(file);
  return namingFile(file, async () => join(await realpath(dirname(path)), basename(path)));
}
