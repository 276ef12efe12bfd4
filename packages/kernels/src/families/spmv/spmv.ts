import { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import { hasManyRegisters, mostAccumulators, type KernelTarget } from '../../target.ts';
import type { KernelFamily } from '../family.ts';
import { floatsOf, hasHalves } from '../floats.ts';
import { activationName, kernelName } from '../kernel-name.ts';
import { slackName } from '../store-lanes.ts';
import { lowerConsecutive } from './lower-consecutive.ts';
import { lowerScattered, scatteredScratchRows } from './lower-scattered.ts';
import { sharedLoops } from './shared-loops.ts';
import { columnCount, type SpmvProblem, type SpmvSchedule } from './spmv-problem.ts';

/** Weights above this size are not expected to stay in the second cache from one run to the next. */
const CACHED_WEIGHT_BYTES = 2 ** 20;

/**
 * Columns of a list per turn by default: with more, V8 loads the weights of all of them before it multiplies the first, and
 * has not the registers.
 */
const LISTED_UNROLL = 2;

function defaultSchedule(problem: SpmvProblem, target: KernelTarget): SpmvSchedule {
  const { positions, rows, columns } = problem;
  const { bytes, lanes } = floatsOf(problem.element);
  const weightBytes = columns.kind === 'runs' ? rows * columnCount(columns) * bytes : 0;
  const streamed = rows >= 4 * lanes && weightBytes > CACHED_WEIGHT_BYTES;
  // Work-items read their own streams.
  const weightStreams = streamed && positions === 1 && !target.hasWorkItems ? 2 : 1;
  if (hasManyRegisters(target)) {
    const unroll = columns.kind === 'runs' ? RICH_UNROLL.runs : RICH_UNROLL.lists;
    return { ...richTile(positions, rows, lanes), columnUnroll: unroll, weightStreams };
  }
  const tile = defaultTile(positions, rows, lanes);
  return {
    ...tile,
    columnUnroll: columns.kind === 'lists' && positions === 1 ? LISTED_UNROLL : tile.accumulatorSets,
    weightStreams,
  };
}

/**
 * Columns of a turn by default where registers are many: four neighbouring inputs are the lanes of one vector; listed ones are loaded one
 * by one, and only the turn of the loop is shared.
 */
const RICH_UNROLL = { runs: 4, lists: 8 } as const;

/** Sums that hide the latency of multiply-adds where registers are many. */
const RICH_SUMS = 8;

/** Independent sums per result, so that there are {@link RICH_SUMS} or more of all results. */
export function richSets(accumulators: number): SpmvSchedule['accumulatorSets'] {
  if (accumulators >= RICH_SUMS) return 1;
  return accumulators >= RICH_SUMS / 2 ? 2 : 4;
}

function richTile(
  positions: number,
  rows: number,
  lanes: 4 | 8,
): Pick<SpmvSchedule, 'groupRows' | 'positionTile' | 'accumulatorSets'> {
  const positionTile = positions >= 4 ? 4 : positions === 3 ? 3 : positions === 2 ? 2 : 1;
  const widest = positionTile > 2 ? Math.min(32, 4 * lanes) : 32;
  const sizes = ([32, 16, 8, 4] as const).filter((size) => size >= lanes);
  const groupRows = sizes.find((size) => size <= Math.min(rows, widest)) ?? lanes;
  return { groupRows, positionTile, accumulatorSets: richSets((groupRows / lanes) * positionTile) };
}

/** Rows of one, two and four vectors. */
const vectorRows = { 4: [4, 8, 16], 8: [8, 16, 32] } as const;

function defaultTile(
  positions: number,
  rows: number,
  lanes: 4 | 8,
): Pick<SpmvSchedule, 'groupRows' | 'positionTile' | 'accumulatorSets'> {
  const [one, two, four] = vectorRows[lanes];
  if (positions >= 3) return { groupRows: two, positionTile: positions === 3 ? 3 : 4, accumulatorSets: 1 };
  if (positions === 2) {
    return rows >= four
      ? { groupRows: four, positionTile: 2, accumulatorSets: 1 }
      : { groupRows: two, positionTile: 2, accumulatorSets: 2 };
  }
  if (rows >= four) return { groupRows: four, positionTile: 1, accumulatorSets: 1 };
  return rows >= two
    ? { groupRows: two, positionTile: 1, accumulatorSets: 2 }
    : { groupRows: one, positionTile: 1, accumulatorSets: 4 };
}

function refuse(problem: SpmvProblem, schedule: SpmvSchedule, target: KernelTarget): string | undefined {
  const { lanes } = floatsOf(problem.element);
  if (schedule.groupRows < lanes) {
    return `groups of ${String(schedule.groupRows)} rows do not fill a vector of ${String(lanes)}`;
  }
  const accumulators = (schedule.groupRows / lanes) * schedule.positionTile * schedule.accumulatorSets;
  const most = mostAccumulators(target);
  if (accumulators > most) {
    return `${String(schedule.groupRows)} rows × ${String(schedule.positionTile)} positions × ${String(schedule.accumulatorSets)} sets need ${String(accumulators)} accumulators, more than ${String(most)}`;
  }
  const { weightStreams, groupRows, columnUnroll, accumulatorSets } = schedule;
  if (columnUnroll % accumulatorSets !== 0) {
    return `${String(columnUnroll)} columns a turn do not fill ${String(accumulatorSets)} sets of accumulators`;
  }
  if (weightStreams > 1 && problem.columns.kind === 'lists' && problem.columns.rowOrder === 'consecutive') {
    return `weights of groups of rows in order are read as one stream, not ${String(weightStreams)}`;
  }
  if (weightStreams > groupRows / lanes) {
    return `${String(groupRows)} rows do not fill ${String(weightStreams)} streams of vectors`;
  }
  if (problem.weightStep !== undefined && problem.rows > groupRows) {
    return `weights that lie ${String(problem.weightStep)} bytes apart are those of one group, not of ${String(problem.rows)} rows`;
  }
  const rest = problem.rows % lanes;
  if (problem.addend === 'output' && rest > 0 && problem.outputSlack < lanes - rest) {
    return `adding to ${String(problem.rows)} rows in place needs slack up to a multiple of ${String(lanes)}`;
  }
  return undefined;
}

function lower(problem: SpmvProblem, schedule: SpmvSchedule): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  const { columns } = problem;
  const scattered = columns.kind === 'lists' && columns.rowOrder === 'scattered';
  builder.buffer('input', 'read');
  builder.buffer('weights', 'read');
  if (columns.kind === 'lists') builder.buffer('index', 'read');
  if (problem.addend === 'bias') builder.buffer('bias', 'read');
  if (scattered) {
    const { bytes } = floatsOf(problem.element);
    const rows = scatteredScratchRows(problem.rows, problem.element);
    builder.scratch('scratch', problem.positions * rows * bytes);
  }
  builder.buffer('output', problem.addend === 'output' ? 'readwrite' : 'write');
  if (scattered) lowerScattered(builder, problem, schedule, columns);
  else lowerConsecutive(builder, problem, schedule);
  const name = kernelName('spmv', {
    f16: hasHalves(problem),
    r: problem.rows,
    p: problem.positions,
    in: problem.positions > 1 ? problem.inputStep : undefined,
    out: problem.positions > 1 ? problem.outputStep : undefined,
    ...(columns.kind === 'runs'
      ? {
          k: `${String(columns.runs)}x${String(columns.runLength)}`,
          step: columns.runs > 1 ? columns.runStep : undefined,
        }
      : {
          bcr: columns.groups,
          of: columns.groupColumns,
          all: schedule.weightStreams > 1 ? columns.listedColumns : undefined,
          index: columns.index,
          scattered: scattered,
        }),
    weights: problem.weightStep,
    slack: slackName(problem.outputSlack, floatsOf(problem.element)),
    add: problem.addend,
    act: activationName(problem.activation),
    t: `${String(schedule.groupRows)}x${String(schedule.positionTile)}x${String(schedule.accumulatorSets)}x${String(schedule.columnUnroll)}x${String(schedule.weightStreams)}`,
  });
  return builder.build(
    name,
    `${String(problem.rows)} rows × ${String(problem.positions)} positions, ${columns.kind === 'runs' ? 'dense' : 'block sparse'}: ${String(schedule.groupRows)} rows in lanes, ${String(schedule.positionTile)} positions in registers`,
  );
}

/** Matrix times few right-hand sides, rows in vector lanes (paper, section IV: load redundancy elimination for SpMV). */
export const spmv: KernelFamily<SpmvProblem, SpmvSchedule> = {
  name: 'spmv',
  defaultSchedule,
  refuse,
  sharedLoops,
  lower,
};
