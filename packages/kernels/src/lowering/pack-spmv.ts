import { rowGroups, type RowGroups, type RowSegment } from '@grim/bcr';

import { floatsOf } from '../families/floats.ts';
import type { ColumnLists, ColumnRuns, SpmvProblem, SpmvSchedule } from '../families/spmv/spmv-problem.ts';
import { spmvChoices } from '../families/spmv/schedule-choices.ts';
import { richSets, spmv } from '../families/spmv/spmv.ts';
import { consecutiveGroups } from './consecutive-groups.ts';
import { isConsecutive } from './is-consecutive.ts';
import { hasManyRegisters, mostAccumulators, type KernelTarget } from '../target.ts';
import type { MatrixOperand } from './matrix-operand.ts';
import { packSegments } from './pack-segments.ts';
import { readSchedule } from './read-schedule.ts';

/** Where the columns of a matrix lie in the input of a product. */
export interface ColumnPlacement {
  /** Byte offset of a column from the input of position 0. */
  readonly offset: (column: number) => number;
  /** The same as pieces of consecutive elements, when the columns (in the order given here) form such pieces. */
  readonly runs?: Omit<ColumnRuns, 'kind'> & { readonly order: (index: number) => number };
}

/** The parts of a product's problem that do not depend on how the weights are packed. */
export type SpmvShape = Omit<SpmvProblem, 'columns' | 'rows'>;

/** Weights packed for the `spmv` family. */
export interface PackedSpmv {
  readonly problem: SpmvProblem;
  readonly schedule: SpmvSchedule;
  readonly weights: Float32Array;
  /** Counts, rows and column offsets; absent when every group uses all columns in order. */
  readonly index?: Uint16Array;
  /** The groups of rows that the index lists, for packing some of them. */
  readonly segments?: readonly RowSegment[];
  /** The path taken and why. */
  readonly path: string;
  readonly macs: number;
}

const groupSizes = [32, 16, 8, 4] as const;

/** Rough cycles of one column of a group: two vector operations a cycle, two loads a cycle, one turn of the loop. */
function columnCycles(
  schedule: SpmvSchedule,
  { positions, element }: Pick<SpmvShape, 'element' | 'positions'>,
  listed: boolean,
): number {
  const vectors = schedule.groupRows / floatsOf(element).lanes;
  const tile = Math.min(schedule.positionTile, positions);
  const arithmetic = vectors * tile;
  const loads = (vectors + tile + (listed ? 1 : 0)) / 2;
  return Math.max(arithmetic, loads) + (listed ? 1 : 0.5);
}

function withGroupRows(
  schedule: SpmvSchedule,
  groupRows: SpmvSchedule['groupRows'],
  lanes: number,
  target: KernelTarget,
): SpmvSchedule {
  const perSet = (groupRows / lanes) * schedule.positionTile;
  const positionTile = perSet > mostAccumulators(target) ? 1 : schedule.positionTile;
  const accumulators = (groupRows / lanes) * positionTile;
  const accumulatorSets = hasManyRegisters(target)
    ? richSets(accumulators)
    : accumulators >= 4
      ? 1
      : accumulators >= 2
        ? 2
        : 4;
  const columnUnroll = Math.max(schedule.columnUnroll, accumulatorSets) as SpmvSchedule['columnUnroll'];
  return { groupRows, positionTile, accumulatorSets, columnUnroll, weightStreams: 1 };
}

function packDense(
  operand: MatrixOperand,
  shape: SpmvShape,
  columns: ColumnPlacement,
  target: KernelTarget,
  reason: string,
): PackedSpmv {
  const { rows, columns: width, values } = operand.matrix;
  const { runs } = columns;
  if (!runs) return packLists(operand, shape, columns, target, `dense, listed columns: ${reason}`);
  const problem: SpmvProblem = {
    ...shape,
    rows,
    columns: { kind: 'runs', runs: runs.runs, runLength: runs.runLength, runStep: runs.runStep },
  };
  const schedule = readSchedule(operand.schedule, spmv.defaultSchedule(problem, target), spmvChoices);
  const packed: number[] = [];
  const pack = (first: number, lanes: number): void => {
    for (let index = 0; index < width; index++) {
      const column = runs.order(index);
      for (let row = first; row < first + lanes; row++) {
        packed.push(row < rows ? (values[row * width + column] ?? 0) : 0);
      }
    }
  };
  // One region per stream, each with its share of every whole group's rows; then the last rows.
  const whole = rows - (rows % schedule.groupRows);
  const share = schedule.groupRows / schedule.weightStreams;
  for (let stream = 0; stream < schedule.weightStreams; stream++) {
    for (let first = 0; first < whole; first += schedule.groupRows) pack(first + stream * share, share);
  }
  const { lanes } = floatsOf(shape.element);
  if (rows > whole) pack(whole, Math.ceil((rows - whole) / lanes) * lanes);
  return {
    problem,
    schedule,
    weights: Float32Array.from(packed),
    path: `dense: ${reason}`,
    macs: packed.length * shape.positions,
  };
}

interface Candidate {
  readonly groups: RowGroups;
  readonly schedule: SpmvSchedule;
  readonly cycles: number;
}

/** The packing whose columns cost least, by the rough count above; bigger groups win ties. */
function bestGroups(operand: MatrixOperand, problem: SpmvProblem, target: KernelTarget): Candidate {
  const fallback = spmv.defaultSchedule(problem, target);
  const fixed = operand.schedule && readSchedule(operand.schedule, fallback, spmvChoices);
  const grid = operand.bcr
    ? { blockRows: operand.bcr.blockRows, blockColumns: operand.bcr.blockColumns }
    : undefined;
  const { lanes } = floatsOf(problem.element);
  const sizes = groupSizes.filter((size) => size >= lanes);
  const schedules = fixed ? [fixed] : sizes.map((size) => withGroupRows(fallback, size, lanes, target));
  const candidates = schedules
    .filter((schedule) => fixed !== undefined || schedule.groupRows <= Math.max(lanes, problem.rows))
    .map((schedule): Candidate => {
      const { groupRows } = schedule;
      const groups = target.hasWorkItems
        ? consecutiveGroups(operand.matrix, groupRows)
        : rowGroups(operand.matrix, { lanes: groupRows, ...(grid ? { grid } : {}) });
      const perColumn = columnCycles(schedule, problem, true);
      const scatter = isConsecutive(groups, schedule.groupRows, problem.rows) ? 2 : schedule.groupRows + 4;
      const tiles = Math.ceil(problem.positions / schedule.positionTile);
      const cycles = groups.segments.reduce(
        (sum, segment) => sum + segment.columns.length * perColumn + scatter,
        0,
      );
      return { groups, schedule, cycles: cycles * tiles };
    });
  return candidates.reduce((best, candidate) => (candidate.cycles < best.cycles ? candidate : best));
}

/** Regions of the weights of scattered groups by default: one for each vector of rows, up to four. */
function scatteredStreams(
  { groupRows }: SpmvSchedule,
  { positions, element }: SpmvShape,
  target: KernelTarget,
): SpmvSchedule['weightStreams'] {
  if (positions > 1 || hasManyRegisters(target) || target.hasWorkItems) return 1;
  const vectors = groupRows / floatsOf(element).lanes;
  return vectors >= 4 ? 4 : vectors === 2 ? 2 : 1;
}

function packLists(
  operand: MatrixOperand,
  shape: SpmvShape,
  columns: ColumnPlacement,
  target: KernelTarget,
  path?: string,
): PackedSpmv {
  const { rows, columns: width } = operand.matrix;
  const placeholder: SpmvProblem = {
    ...shape,
    rows,
    columns: { kind: 'lists', groups: 1, listedColumns: width, index: 'bytes32', rowOrder: 'consecutive' },
  };
  const { groups, schedule: chosen } = bestGroups(operand, placeholder, target);
  const lanes = chosen.groupRows;
  const consecutive = isConsecutive(groups, lanes, rows);
  const floats = floatsOf(shape.element);
  const schedule =
    consecutive || operand.schedule?.['weightStreams'] !== undefined
      ? chosen
      : { ...chosen, weightStreams: scatteredStreams(chosen, shape, target) };
  let furthest = 0;
  for (let column = 0; column < width; column++) furthest = Math.max(furthest, columns.offset(column));
  const index: ColumnLists['index'] = target.loadsPairs
    ? 'bytes32'
    : furthest <= 0xffff
      ? 'bytes16'
      : furthest <= floats.bytes * 0xffff
        ? 'elements16'
        : 'bytes32';
  const [firstSegment, ...otherSegments] = groups.segments;
  const groupColumns = firstSegment?.columns.length;
  const isEven = otherSegments.every((segment) => segment.columns.length === groupColumns);
  const lists: ColumnLists = {
    kind: 'lists',
    groups: groups.segments.length,
    listedColumns: groups.segments.reduce((sum, segment) => sum + segment.columns.length, 0),
    ...(isEven && groupColumns !== undefined ? { groupColumns } : {}),
    index,
    rowOrder: consecutive ? 'consecutive' : 'scattered',
  };
  const { offset } = columns;
  const streams = schedule.weightStreams;
  const packed = packSegments(groups.segments, { lists, floats, lanes, streams, firstRow: 0, rows, offset });
  const stored = packed.weights.length;
  const padding = groups.nonZeros === 0 ? 1 : stored / groups.nonZeros;
  return {
    problem: { ...shape, rows, columns: lists },
    schedule,
    ...packed,
    segments: groups.segments,
    path:
      path ??
      `sparse ${((rows * width) / Math.max(1, groups.nonZeros)).toFixed(1)}×, padding ${padding.toFixed(2)}, ${consecutive ? 'rows in order' : 'scattered rows'}`,
    macs: stored * shape.positions,
  };
}

/**
 * Packs a weight matrix for the `spmv` family: block sparse when that is estimated to take less time than dense, else
 * dense, saying why.
 */
export function packSpmv(
  operand: MatrixOperand,
  shape: SpmvShape,
  columns: ColumnPlacement,
  target: KernelTarget,
): PackedSpmv {
  if (!operand.bcr) return packDense(operand, shape, columns, target, 'not pruned');
  const { rows, columns: width } = operand.matrix;
  const sparse = packLists(operand, shape, columns, target);
  const dense = packDense(operand, shape, columns, target, 'not pruned');
  const perColumn = (packed: PackedSpmv): number =>
    columnCycles(packed.schedule, shape, packed.index !== undefined) *
    Math.ceil(shape.positions / packed.schedule.positionTile);
  const sparseCycles = (sparse.weights.length / sparse.schedule.groupRows) * perColumn(sparse);
  const denseCycles = ((rows * width) / dense.schedule.groupRows) * perColumn(dense);
  if (sparseCycles < denseCycles) return sparse;
  const ratio = (rows * width) / Math.max(1, sparse.weights.length);
  return {
    ...dense,
    path: `dense: ${ratio.toFixed(2)}× fewer stored weights would not make up for column lists`,
  };
}
