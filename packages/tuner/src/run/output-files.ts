import { join } from 'node:path';
import { GrimError } from '@grim/ir';
import { checkOutputFile } from '../files/check-output-file.ts';
import { prepareOutputFolder } from '../files/prepare-output-folder.ts';
import { safeFileNames } from '../files/safe-file-names.ts';

/**
 * Paths of the `.npy` files for named arrays: the path itself where it is a `.npy` file, else a file per name in the
 * folder, which is created when it is not there.
 *
 * @param path - As given.
 * @param names - Names of the arrays, as the model has them.
 * @param inputs - Files that must survive.
 */
export async function outputFiles(
  path: string,
  names: readonly string[],
  inputs: readonly string[],
): Promise<string[]> {
  let files: string[];
  if (path.endsWith('.npy')) {
    if (names.length !== 1) {
      throw new GrimError(
        `is one file, but there are ${names.length} arrays: ${names.join(', ')}; give a folder`,
        {
          file: path,
        },
      );
    }
    files = [path];
  } else {
    await prepareOutputFolder(path);
    files = safeFileNames(names).map((name) => join(path, `${name}.npy`));
  }
  for (const file of files) await checkOutputFile(file, inputs);
  return files;
}
