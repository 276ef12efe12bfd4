import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, vi } from 'vitest';

/**
 * Gives every test of a file an empty folder, which is also where temporary files go meanwhile, and expects that none of those that
 * compilations make is left.
 */
export function useTemporaryFolder(): () => string {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'grim-emscripten-'));
    vi.stubEnv('TMPDIR', folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    const left = readdirSync(folder).filter((name) => name.startsWith('grim-compile-'));
    rmSync(folder, { recursive: true, force: true });
    expect(left).toEqual([]);
  });
  return () => folder;
}
