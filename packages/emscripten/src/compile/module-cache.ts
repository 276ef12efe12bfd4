import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { GrimError } from '@grim/ir';
import writeFileAtomic from 'write-file-atomic';

import type { Diagnostic } from './diagnostic.ts';

/** A module that was compiled before, and what the compiler said about it. */
export interface CachedModule {
  readonly module: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
}

/** How entries are written. */
interface Entry {
  readonly sha256: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly module: string;
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const fileOf = (folder: string, key: string): string => join(folder, `${key}.json`);

/** A module from the cache; nothing where there is none, or where what is there is damaged. */
export async function readCachedModule(folder: string, key: string): Promise<CachedModule | undefined> {
  try {
    const entry = JSON.parse(await readFile(fileOf(folder, key), 'utf8')) as Partial<Entry>;
    if (typeof entry.module !== 'string' || !Array.isArray(entry.diagnostics)) return undefined;
    const module = new Uint8Array(Buffer.from(entry.module, 'base64'));
    return digest(module) === entry.sha256 ? { module, diagnostics: entry.diagnostics } : undefined;
  } catch {
    // Whatever is wrong with it, compiling replaces it.
    return undefined;
  }
}

/** Puts a module into the cache: all of it or, when this process ends before, nothing. */
export async function writeCachedModule(
  folder: string,
  key: string,
  { module, diagnostics }: CachedModule,
): Promise<void> {
  const entry: Entry = {
    sha256: digest(module),
    diagnostics,
    module: Buffer.from(module).toString('base64'),
  };
  try {
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(fileOf(folder, key), JSON.stringify(entry));
  } catch (error) {
    throw new GrimError(`modules cannot be kept here: ${(error as Error).message}`, { file: folder });
  }
}
