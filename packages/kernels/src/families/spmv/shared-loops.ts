import type { KernelContents, PartStarts, SharedLoop, SharedLoops } from '../family.ts';
import { headEntries, indexBytes } from './column-index.ts';
import { columnCount, type ColumnLists, type SpmvProblem, type SpmvSchedule } from './spmv-problem.ts';

/** Where each group of listed columns starts. */
function groupStarts(lists: ColumnLists, rows: number, groupRows: number): PartStarts {
  const entryBytes = indexBytes(lists);
  const table = ({ index }: KernelContents): Int32Array => {
    const starts: number[] = [];
    let weight = 0;
    let entry = 0;
    for (let first = 0; first < rows; first += groupRows) {
      starts.push(weight, entry);
      const columns = (entryBytes === 2 ? index?.getUint16(entry, true) : index?.getInt32(entry, true)) ?? 0;
      weight += columns * Math.ceil(Math.min(groupRows, rows - first) / 4) * 16;
      entry += (1 + columns) * entryBytes;
    }
    return Int32Array.from(starts);
  };
  return { buffers: ['weights', 'index'], table };
}

/** The loop over groups of rows; none where rows meet in several groups, or weights lie in several regions. */
function groupLoop(problem: SpmvProblem, { groupRows, weightStreams }: SpmvSchedule): SharedLoop | undefined {
  const { columns, rows } = problem;
  const loop = { name: 'row', turns: rows, multiple: groupRows, onlyItems: true } as const;
  const ofRows = { bias: 4, output: 4 };
  if (columns.kind === 'runs') {
    if (weightStreams > 1) return undefined;
    return { ...loop, steps: { ...ofRows, weights: columnCount(columns) * 4 } };
  }
  if (columns.rowOrder === 'scattered') return undefined;
  const { groupColumns } = columns;
  if (groupColumns === undefined) {
    return { ...loop, steps: ofRows, starts: groupStarts(columns, rows, groupRows) };
  }
  const entries = headEntries(columns, groupRows).counts + groupColumns;
  const index = (entries * indexBytes(columns)) / groupRows;
  return { ...loop, steps: { ...ofRows, weights: groupColumns * 4, index } };
}

/** The loop over vectors of rows of one group, which share its columns. */
function vectorLoop({ rows }: SpmvProblem): SharedLoop {
  return {
    name: 'vector of rows',
    turns: rows,
    multiple: 4,
    steps: { weights: 4, bias: 4, output: 4 },
    onlyItems: true,
  };
}

/**
 * Loops that work-items can share; threads divide the packed weights instead. First groups, whose lists of columns differ, then
 * the vectors of a group: work-items next to each other have the same columns, so that they do not diverge.
 */
export function sharedLoops(problem: SpmvProblem, schedule: SpmvSchedule): SharedLoops<SpmvProblem> {
  const { rows, positions, outputStep, columns } = problem;
  const isGroup = rows <= schedule.groupRows && schedule.weightStreams === 1;
  const isScattered = columns.kind === 'lists' && columns.rowOrder === 'scattered';
  const rowLoop = isGroup && !isScattered ? vectorLoop(problem) : groupLoop(problem, schedule);
  // What lies behind the last row of a position may be the next position's.
  const rest = rows % 4;
  const slack = positions === 1 ? problem.outputSlack : Math.min(problem.outputSlack, outputStep / 4 - rows);
  // Whole vectors are added to what is there, so that parts would undo each other's sums.
  if (problem.addend === 'output' && rest > 0 && slack < 4 - rest) return { loops: [], part: () => problem };
  const part = (count: number, turns: number): SpmvProblem => ({
    ...problem,
    rows: count,
    positions: turns,
    outputSlack: count % 4 === 0 ? 0 : slack,
    ...(isGroup && count < rows ? { weightStep: problem.weightStep ?? Math.ceil(rows / 4) * 16 } : {}),
    ...(columns.kind === 'lists' && !isScattered
      ? { columns: { ...columns, groups: Math.ceil(count / schedule.groupRows) } }
      : {}),
  });
  const positionLoop: SharedLoop = {
    name: 'position',
    turns: positions,
    multiple: schedule.positionTile,
    steps: { input: problem.inputStep, output: outputStep },
    onlyItems: true,
  };
  const reads =
    columns.kind === 'runs'
      ? {
          input:
            (positions - 1) * problem.inputStep +
            (columns.runs - 1) * columns.runStep +
            columns.runLength * 4,
        }
      : {};
  return rowLoop
    ? {
        loops: [rowLoop, positionLoop],
        part: ([count = rows, turns = positions]) => part(count, turns),
        reads,
      }
    : { loops: [positionLoop], part: ([turns = positions]) => part(rows, turns), reads };
}
