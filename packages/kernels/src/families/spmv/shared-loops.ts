import type { KernelContents, PartStarts, SharedLoop, SharedLoops } from '../family.ts';
import { floatsOf, type Floats } from '../floats.ts';
import { headEntries, indexBytes } from './column-index.ts';
import { columnCount, type ColumnLists, type SpmvProblem, type SpmvSchedule } from './spmv-problem.ts';

/** Where each group of listed columns starts. */
function groupStarts(
  lists: ColumnLists,
  { lanes, vectorBytes }: Floats,
  rows: number,
  groupRows: number,
): PartStarts {
  const entryBytes = indexBytes(lists);
  const table = ({ index }: KernelContents): Int32Array => {
    const starts: number[] = [];
    let weight = 0;
    let entry = 0;
    for (let first = 0; first < rows; first += groupRows) {
      starts.push(weight, entry);
      const columns = (entryBytes === 2 ? index?.getUint16(entry, true) : index?.getInt32(entry, true)) ?? 0;
      weight += columns * Math.ceil(Math.min(groupRows, rows - first) / lanes) * vectorBytes;
      entry += (1 + columns) * entryBytes;
    }
    return Int32Array.from(starts);
  };
  return { buffers: ['weights', 'index'], table };
}

/** The loop over groups of rows; none where rows meet in several groups, or weights lie in several regions. */
function groupLoop(problem: SpmvProblem, { groupRows, weightStreams }: SpmvSchedule): SharedLoop | undefined {
  const { columns, rows } = problem;
  const floats = floatsOf(problem.element);
  const { bytes } = floats;
  const loop = { name: 'row', turns: rows, multiple: groupRows, onlyItems: true } as const;
  const ofRows = { bias: bytes, output: bytes };
  if (columns.kind === 'runs') {
    if (weightStreams > 1) return undefined;
    return { ...loop, steps: { ...ofRows, weights: columnCount(columns) * bytes } };
  }
  if (columns.rowOrder === 'scattered') return undefined;
  const { groupColumns } = columns;
  if (groupColumns === undefined) {
    return { ...loop, steps: ofRows, starts: groupStarts(columns, floats, rows, groupRows) };
  }
  const entries = headEntries(columns, groupRows).counts + groupColumns;
  const index = (entries * indexBytes(columns)) / groupRows;
  return { ...loop, steps: { ...ofRows, weights: groupColumns * bytes, index } };
}

/** The loop over vectors of rows of one group, which share its columns. */
function vectorLoop({ rows, element }: SpmvProblem): SharedLoop {
  const { bytes, lanes } = floatsOf(element);
  return {
    name: 'vector of rows',
    turns: rows,
    multiple: lanes,
    steps: { weights: bytes, bias: bytes, output: bytes },
    onlyItems: true,
  };
}

/**
 * Loops that work-items can share; threads divide the packed weights instead. First groups, whose lists of columns differ, then
 * the vectors of a group: work-items next to each other have the same columns, so that they do not diverge.
 */
export function sharedLoops(problem: SpmvProblem, schedule: SpmvSchedule): SharedLoops<SpmvProblem> {
  const { rows, positions, outputStep, columns } = problem;
  const { bytes, lanes, vectorBytes } = floatsOf(problem.element);
  const isGroup = rows <= schedule.groupRows && schedule.weightStreams === 1;
  const isScattered = columns.kind === 'lists' && columns.rowOrder === 'scattered';
  const rowLoop = isGroup && !isScattered ? vectorLoop(problem) : groupLoop(problem, schedule);
  // What lies behind the last row of a position may be the next position's.
  const rest = rows % lanes;
  const slack =
    positions === 1 ? problem.outputSlack : Math.min(problem.outputSlack, outputStep / bytes - rows);
  // Whole vectors are added to what is there, so that parts would undo each other's sums.
  if (problem.addend === 'output' && rest > 0 && slack < lanes - rest)
    return { loops: [], part: () => problem };
  const part = (count: number, turns: number): SpmvProblem => ({
    ...problem,
    rows: count,
    positions: turns,
    outputSlack: count % lanes === 0 ? 0 : slack,
    ...(isGroup && count < rows
      ? { weightStep: problem.weightStep ?? Math.ceil(rows / lanes) * vectorBytes }
      : {}),
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
            columns.runLength * bytes,
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
