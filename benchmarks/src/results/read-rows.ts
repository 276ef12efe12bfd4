import { existsSync, readFileSync } from 'node:fs';
import type { BenchmarkResult, Row } from './benchmark-result.ts';

/** Rows of a result that was written before; none when there is no such file or its numbers are not to be published. */
export function readRows(file: string): readonly Row[] {
  if (!existsSync(file)) return [];
  const { rows, quick } = JSON.parse(readFileSync(file, 'utf8')) as BenchmarkResult;
  return quick ? [] : rows;
}
