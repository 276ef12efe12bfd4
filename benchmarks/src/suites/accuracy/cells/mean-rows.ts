import { mean } from 'simple-statistics';
import type { AccuracyRow } from './accuracy-row.ts';

/** One row for all models that differ in their seeds only, in the order of the first of each. */
export function meanRows(models: readonly AccuracyRow[]): AccuracyRow[] {
  const groups = new Map<string, AccuracyRow[]>();
  for (const row of models) {
    const key = [row.task, row.method, row.pattern, row.rate].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows;
    if (!first) return [];
    const meanOf = (
      column:
        | 'score'
        | 'dense_score'
        | 'bytes'
        | 'dense_bytes'
        | 'p50_us'
        | 'dense_p50_us'
        | 'speed_up'
        | 'seconds',
    ): number => mean(rows.map((row) => row[column]));
    const scores = rows.map(({ score }) => score);
    return [
      {
        ...first,
        kind: 'mean',
        seed: null,
        seeds: rows.length,
        score: meanOf('score'),
        dense_score: meanOf('dense_score'),
        spread: Math.max(...scores) - Math.min(...scores),
        bytes: Math.round(meanOf('bytes')),
        dense_bytes: Math.round(meanOf('dense_bytes')),
        p50_us: meanOf('p50_us'),
        dense_p50_us: meanOf('dense_p50_us'),
        speed_up: meanOf('speed_up'),
        seconds: meanOf('seconds'),
        recipe: null,
      },
    ];
  });
}
