import { GrimError } from '@grim/ir';
import { namingFile } from '../files/naming-file.ts';
import { readInputFile } from '../files/read-input-file.ts';
import { statusOf } from '../files/status-of.ts';
import { writeOutputFile } from '../files/write-output-file.ts';

/** Seconds by a key that names everything they depend on. */
export interface LatencyCache {
  readonly get: (key: string) => number | undefined;
  /** Adds times and writes the file, all of it or nothing. */
  readonly add: (times: ReadonlyMap<string, number>) => Promise<void>;
}

/** What the first line of the file's content says it is. */
const format = 'grim latency cache 1';

/** A cache that is gone with the process. */
export function memoryCache(): LatencyCache {
  const known = new Map<string, number>();
  return {
    get: (key) => known.get(key),
    add: (times) => {
      for (const [key, seconds] of times) known.set(key, seconds);
      return Promise.resolve();
    },
  };
}

/**
 * A cache in a JSON file, which is made when it does not exist.
 *
 * @throws GrimError naming the file when it is there and no cache: it may be something that is worth keeping.
 */
export async function openLatencyCache(file: string): Promise<LatencyCache> {
  const known = await readCache(file);
  return {
    get: (key) => known.get(key),
    add: async (times) => {
      // Another process may have added times meanwhile.
      for (const [key, seconds] of await readCache(file)) known.set(key, seconds);
      for (const [key, seconds] of times) known.set(key, seconds);
      const seconds = Object.fromEntries([...known].sort(([a], [b]) => (a < b ? -1 : 1)));
      await writeOutputFile(file, `${JSON.stringify({ format, seconds }, null, 2)}\n`);
    },
  };
}

async function readCache(file: string): Promise<Map<string, number>> {
  const exists = await namingFile(file, () => statusOf(file));
  if (!exists) return new Map();
  const text = new TextDecoder().decode(await readInputFile(file));
  return new Map(Object.entries(namedTimes(text, file)));
}

function namedTimes(text: string, file: string): Readonly<Record<string, number>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (isCache(value)) return value.seconds;
  throw new GrimError(`is no ${format}, or damaged; remove it, or give another file`, { file });
}

function isCache(value: unknown): value is { readonly seconds: Readonly<Record<string, number>> } {
  if (typeof value !== 'object' || value === null) return false;
  if (!('format' in value && value.format === format && 'seconds' in value)) return false;
  const { seconds } = value;
  return (
    typeof seconds === 'object' &&
    seconds !== null &&
    Object.values(seconds).every((time) => typeof time === 'number' && time > 0)
  );
}
