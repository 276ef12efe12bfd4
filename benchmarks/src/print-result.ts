import Table from 'cli-table3';
import { formatEnvironment } from './measuring/describe-environment.ts';
import type { BenchmarkResult } from './results/benchmark-result.ts';
import { formatValue } from './results/format-value.ts';

/** Longer values are for the file: a line of a terminal has no room for them. */
const longestValue = 60;

/** A result as text for a terminal, without columns that no row has a value for, or one too long. */
export function printResult(result: BenchmarkResult): string {
  const columns = Object.keys(result.rows[0] ?? {}).filter((column) => {
    const values = result.rows.map((row) => row[column] ?? null);
    return (
      values.some((value) => value !== null) &&
      values.every((value) => formatValue(value).length <= longestValue)
    );
  });
  const table = new Table({ head: columns, style: { head: [], border: [] } });
  table.push(...result.rows.map((row) => columns.map((column) => formatValue(row[column] ?? null))));
  const summary = Object.entries(result.summary).map(([key, value]) => `${key} ${formatValue(value)}`);
  return [
    formatEnvironment(result.environment),
    ...(columns.length > 0 ? [table.toString()] : []),
    ...summary,
    ...(result.quick ? ['a quick run: these numbers are not to be published'] : []),
  ].join('\n');
}
