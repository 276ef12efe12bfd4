import { mean } from 'simple-statistics';
import type { ScoredCell } from '../task.ts';

/** Rows of one kind over all seeds. */
export interface GridQuery {
  readonly method: string;
  readonly pattern: string;
  readonly rate: number;
}

/** Mean score of the dense models; nothing before there is one. */
export function denseScore(rows: readonly ScoredCell[]): number | undefined {
  const scores = rows.filter(({ method }) => method === 'dense').map(({ score }) => score);
  return scores.length === 0 ? undefined : mean(scores);
}

/** How much lower models score than the dense ones they were pruned from, mean over the seeds; nothing before there is one. */
export function meanDrop(rows: readonly ScoredCell[], query: GridQuery): number | undefined {
  const drops = rows
    .filter(
      ({ method, pattern, rate }) =>
        method === query.method && pattern === query.pattern && rate === query.rate,
    )
    .map((row) => row.dense_score - row.score);
  return drops.length === 0 ? undefined : mean(drops);
}

/** Numbers by key without those that are not there yet. */
export function present(summary: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(summary).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
