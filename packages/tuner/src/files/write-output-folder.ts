import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { onExit } from 'signal-exit';
import { checkOutputFile } from './check-output-file.ts';
import { checkOutputFolder } from './check-output-folder.ts';
import { namingFile } from './naming-file.ts';
import { replaceFiles } from './replace-files.ts';
import { statusOf } from './status-of.ts';

/**
 * Writes files into a folder, all or none of them. A folder that does not exist appears with everything in it; in one that does,
 * files of these names are replaced and others stay. What is written before that is removed on failure, SIGINT and SIGTERM.
 *
 * @param files - Contents by name: bytes, or text that is written as UTF-8. Names may have folders, which are made: `a/b.c`.
 * @param inputs - Files that are read by the same command, which must survive it under any name.
 * @throws GrimError when the folder above does not exist, a file is in the way that must not be replaced, or the file system refuses.
 */
export async function writeOutputFolder(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  inputs: readonly string[],
): Promise<void> {
  await checkOutputFolder(folder);
  const path = resolve(folder);
  const exists = (await statusOf(path)) !== undefined;
  if (exists) for (const name of files.keys()) await checkOutputPath(folder, name, inputs);

  await namingFile(folder, () => {
    let temporary: string | undefined;
    const remove = (): void => {
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
    };
    // Before there is anything to remove. From here on a signal waits until what follows, which waits for nothing, is done.
    const forget = onExit(remove);
    try {
      // In the folder or beside it: on the same file system, where renaming is possible.
      temporary = mkdtempSync(exists ? join(path, '.grim-') : `${path}.grim-`);
      const written = join(temporary, 'new');
      mkdirSync(written);
      for (const [name, content] of files) {
        mkdirSync(dirname(join(written, name)), { recursive: true });
        writeFileSync(join(written, name), content);
      }
      if (exists) replaceFiles([...files.keys()], written, path, join(temporary, 'replaced'));
      else renameSync(written, path);
    } finally {
      remove();
      forget();
    }
  });
}

/** Checks a file in a folder that is there, perhaps in folders of its own that are not. */
async function checkOutputPath(folder: string, name: string, inputs: readonly string[]): Promise<void> {
  const [first, ...others] = name.split('/');
  if (first === undefined) return;
  if (others.length === 0) {
    await checkOutputFile(join(folder, first), inputs);
    return;
  }
  const inner = join(folder, first);
  await checkOutputFolder(inner);
  if ((await statusOf(inner)) !== undefined) await checkOutputPath(inner, others.join('/'), inputs);
}
