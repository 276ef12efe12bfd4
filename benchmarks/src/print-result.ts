import Table from 'cli-table3';
import { formatEnvironment } from './measuring/describe-environment.ts';
import type { BenchmarkResult } from './results/benchmark-result.ts';
import { formatValue } from './results/format-value.ts';

/** A result as text for a terminal, without columns that no row has a value for. */
export function printResult(result: BenchmarkResult): string {
  const columns = Object.keys(result.rows[0] ?? {}).filter((column) =>
    result.rows.some((row) => row[column] !== null),
  );
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
