import { geometricMean } from 'simple-statistics';
import type { Row, Summary } from '../../results/benchmark-result.ts';

/** Per model and part: how many times as fast a layer gets when the part is added, and as slow when it alone is left out. */
export function summariseAblation(rows: readonly Row[]): Summary {
  const values = new Map<string, number[]>();
  const note = (row: Row, part: Row[string] | undefined, column: 'gain' | 'loss'): void => {
    const value = row[column];
    if (typeof part !== 'string' || typeof value !== 'number') return;
    const key = `${String(row['kind'])}_${part}_${column}`.replaceAll('-', '_');
    const known = values.get(key);
    if (known) known.push(value);
    else values.set(key, [value]);
  };
  for (const row of rows) {
    note(row, row['adds'], 'gain');
    note(row, row['lacks'], 'loss');
  }
  return Object.fromEntries([...values].map(([key, list]) => [key, geometricMean(list)]));
}
