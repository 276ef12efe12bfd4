import type { BenchmarkResult } from './benchmark-result.ts';

/**
 * Refuses results that would be published wrongly: numbers that are not finite, rows with different columns.
 *
 * @returns the result, for use in an expression
 * @throws Error that names the row or the key
 */
export function checkResult(result: BenchmarkResult): BenchmarkResult {
  const columns = Object.keys(result.rows[0] ?? {}).join();
  result.rows.forEach((row, index) => {
    const own = Object.keys(row).join();
    if (own !== columns) throw new Error(`${result.suite}: row ${index} has columns ${own}, not ${columns}`);
    for (const [column, value] of Object.entries(row)) {
      if (typeof value === 'number' && !Number.isFinite(value)) {
        throw new Error(`${result.suite}: row ${index} has ${value} in ${column}`);
      }
    }
  });
  for (const [key, value] of Object.entries(result.summary)) {
    if (!Number.isFinite(value)) throw new Error(`${result.suite}: ${key} is ${value}`);
  }
  return result;
}
