import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { GrimError } from '@grim/ir';
import type { Row } from '../results/benchmark-result.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import type { AccuracyRow } from './accuracy/cells/accuracy-row.ts';
import { cellName } from './accuracy/cells/cell-name.ts';
import { cellMaker } from './accuracy/cells/make-cells.ts';
import { makeInProcesses } from './accuracy/cells/make-in-processes.ts';
import { meanRows } from './accuracy/cells/mean-rows.ts';
import { openAccuracyStore } from './accuracy/cells/open-accuracy-store.ts';
import { timeModels } from './accuracy/cells/time-models.ts';
import type { AccuracyCell, AccuracyTask } from './accuracy/task.ts';
import { tasks } from './accuracy/tasks.ts';

/** What pruning costs on real tasks, and what it gains. Models that are done are kept, so that a run goes on where it was stopped. */
export const accuracy: Suite = {
  description: 'Real tasks: how good are pruned models, how small and how fast?',
  resumes: true,
  run,
};

async function run(context: SuiteContext): Promise<SuiteOutcome> {
  const { quick, only, progress, keep, jobs = availableParallelism() } = context;
  const store = openAccuracyStore(quick);
  const resultOf = cellMaker({ store, quick, progress });
  const found = new Map<string, AccuracyRow>();
  const cells = tasks.flatMap((task) => task.cells(quick).map((cell) => ({ task, cell })));
  for (const { cell } of cells) {
    const row = earlierRow(context.earlier ?? [], cell);
    if (row) found.set(cellName(cell.key), row);
  }
  const outcome = (): SuiteOutcome => summarise(cells, found);
  const wanted = cells.filter(({ cell }) => only?.test(cellName(cell.key)) ?? true);
  if (wanted.length === 0) {
    const names = tasks.map(({ name }) => name).join(', ');
    throw new GrimError(`no model matches --only ${only?.source ?? ''}; names begin with one of ${names}`);
  }
  const asked = availableOf(wanted, progress);
  const missing = asked.filter(({ cell }) => !found.has(cellName(cell.key)));
  await makeInProcesses(
    missing.map(({ cell }) => cell),
    {
      jobs,
      store,
      quick,
      progress,
      program: fileURLToPath(new URL('accuracy/make-cell.ts', import.meta.url)),
    },
  );
  // Times come last, one after the other: nothing is trained while they are taken.
  for (const { task, cell } of missing) {
    progress(`time of ${cellName(cell.key)}`);
    found.set(cellName(cell.key), await measuredRow(task, cell, resultOf, quick));
    keep?.(outcome());
  }
  return outcome();
}

interface TaskCell {
  readonly task: AccuracyTask;
  readonly cell: AccuracyCell;
}

/**
 * Cells whose data are there; tells about the other tasks.
 *
 * @throws GrimError when nothing is left.
 */
function availableOf(cells: readonly TaskCell[], progress: SuiteContext['progress']): readonly TaskCell[] {
  const missing = new Map(
    [...new Set(cells.map(({ task }) => task))].flatMap((task) => {
      const what = task.unavailable();
      return what === undefined ? [] : [[task, `${task.name} is left out: ${what}`]];
    }),
  );
  const found = cells.filter(({ task }) => !missing.has(task));
  if (found.length === 0) throw new GrimError([...missing.values()].join('; '));
  for (const line of missing.values()) progress(line);
  return found;
}

async function measuredRow(
  task: AccuracyTask,
  cell: AccuracyCell,
  resultOf: ReturnType<typeof cellMaker>,
  quick: boolean,
): Promise<AccuracyRow> {
  const { score, seconds, graph } = await resultOf(cell);
  const { score: denseScore, graph: dense } = await resultOf(cell.dense ?? cell);
  const timing = await timeModels(dense, graph, quick);
  return {
    kind: 'model',
    ...cell.key,
    seeds: 1,
    metric: task.metric,
    score,
    dense_score: denseScore,
    spread: null,
    bytes: timing.bytes,
    dense_bytes: timing.denseBytes,
    p50_us: timing.microseconds,
    dense_p50_us: timing.denseMicroseconds,
    speed_up: timing.speedUp,
    seconds,
    recipe: cell.recipe,
  };
}

/** A row of an earlier run, as long as the recipe is the same and it says all that rows say now. */
function earlierRow(rows: readonly Row[], { key, recipe }: AccuracyCell): AccuracyRow | undefined {
  const row = rows.find(
    (each) =>
      each['kind'] === 'model' &&
      each['recipe'] === recipe &&
      typeof each['dense_score'] === 'number' &&
      Object.entries(key).every(([name, value]) => each[name] === value),
  );
  return row as unknown as AccuracyRow | undefined;
}

function summarise(cells: readonly TaskCell[], found: ReadonlyMap<string, AccuracyRow>): SuiteOutcome {
  const models = cells.flatMap(({ cell }) => found.get(cellName(cell.key)) ?? []);
  return {
    rows: [...meanRows(models), ...models].map((row): Row => ({ ...row })),
    summary: Object.assign(
      {},
      ...tasks.map((task) => task.summarise(models.filter((row) => row.task === task.name))),
    ) as SuiteOutcome['summary'],
  };
}
