import { geometricMean } from 'simple-statistics';
import type { Row, Summary } from '../../results/benchmark-result.ts';

/** How many times as fast as its plain definition every family is, over its problems. */
export function summariseFamilies(rows: readonly Row[]): Summary {
  const speedups = new Map<string, number[]>();
  for (const { family, speedup } of rows) {
    if (typeof family !== 'string' || typeof speedup !== 'number') continue;
    const key = `${family.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_vs_plain`;
    speedups.set(key, [...(speedups.get(key) ?? []), speedup]);
  }
  return Object.fromEntries([...speedups].map(([key, values]) => [key, geometricMean(values)]));
}
