import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import type { BenchmarkResult } from './benchmark-result.ts';
import { checkResult } from './check-result.ts';

/**
 * Writes a result as JSON; the file is replaced whole or not at all.
 *
 * @throws Error when the result is not one to publish, see {@link checkResult}
 */
export function writeResult(file: string, result: BenchmarkResult): void {
  const text = `${JSON.stringify(checkResult(result), null, 2)}\n`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomic(file, text);
}
