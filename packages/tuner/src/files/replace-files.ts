import { existsSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Moves files into a folder, all or none: when one cannot be moved, those that it replaced before are put back. At once, so that no
 * signal comes in between.
 *
 * @param names - Names in both folders, perhaps in folders there, which are made.
 * @param replaced - Beginning of the paths where replaced files are kept meanwhile.
 */
export function replaceFiles(names: readonly string[], from: string, to: string, replaced: string): void {
  const undo: (() => void)[] = [];
  try {
    names.forEach((name, index) => {
      const place = join(to, name);
      const exists = existsSync(place);
      // A link keeps leading to the file, which is replaced.
      const target = exists ? realpathSync(place) : place;
      const kept = `${replaced}-${index}`;
      if (exists) {
        renameSync(target, kept);
        undo.unshift(() => {
          renameSync(kept, target);
        });
      }
      const made = mkdirSync(dirname(target), { recursive: true });
      if (made !== undefined) {
        undo.unshift(() => {
          rmSync(made, { recursive: true });
        });
      }
      renameSync(join(from, name), target);
      if (!exists) {
        undo.unshift(() => {
          rmSync(target);
        });
      }
    });
  } catch (error) {
    for (const step of undo) step();
    throw error;
  }
}
