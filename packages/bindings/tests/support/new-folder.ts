import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder, gone after the test, from which packages are found. */
export function newFolder(): string {
  const parent = join(import.meta.dirname, '../../tmp');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'emitted-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}
