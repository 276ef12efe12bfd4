import type { Activation } from '@grim/ir';

import {
  add,
  binary,
  float,
  integer,
  lane,
  load,
  loadIndex16,
  loadSplat,
  multiply,
  multiplyAdd,
} from '../kernel-ir/expressions.ts';
import { KernelBuilder, type Variable } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { emitActivation } from '../math/activation.ts';
import type { KernelFamily } from './family.ts';
import { activationName, kernelName } from './kernel-name.ts';
import { storableLanes, storeLanes } from './store-lanes.ts';

/** Columns that every group of rows uses, in order and without an index: `runs` pieces of consecutive floats. */
export interface ColumnRuns {
  readonly kind: 'runs';
  readonly runs: number;
  /** Columns of one run. */
  readonly runLength: number;
  /** Bytes from the start of one run to the next, in the input. */
  readonly runStep: number;
}

/** Columns listed per group of rows: the group's number of columns, then an offset into the input for each. */
export interface ColumnLists {
  readonly kind: 'lists';
  /** Number of groups. */
  readonly groups: number;
  /** Entries of the list are 16 bits wide where byte offsets, or at least element offsets, fit; else 32. */
  readonly index: 'bytes16' | 'bytes32' | 'elements16';
  /**
   * `consecutive`: group g holds rows g·groupRows …, each row once. `scattered`: every group also lists its rows, and
   * rows may occur in several groups.
   */
  readonly rowOrder: 'consecutive' | 'scattered';
}

/**
 * `y[p][row] = activation(addend + Σ weight[row][column] · x[p·inputStep + offset(column)])`.
 *
 * A matrix with few right-hand sides (positions): recurrent and fully connected layers, and convolutions with few
 * outputs per channel, where a column of the matrix is one byte offset into the padded, channels-last input.
 */
export interface SpmvProblem {
  readonly rows: number;
  /** Right-hand sides. */
  readonly positions: number;
  /** Bytes between the inputs of two positions. */
  readonly inputStep: number;
  /** Bytes between the outputs of two positions; rows are consecutive floats. */
  readonly outputStep: number;
  readonly columns: ColumnRuns | ColumnLists;
  /** Floats after the last row of a position that the kernel may overwrite. */
  readonly outputSlack: number;
  /** What sums start from. */
  readonly addend: 'bias' | 'output' | 'zero';
  readonly activation?: Activation;
}

/** How the loops are arranged: `groupRows` rows in vector lanes × `positionTile` positions in registers. */
export interface SpmvSchedule {
  /** Rows computed together; they share one pass over their columns. */
  readonly groupRows: 4 | 8 | 16 | 32;
  /** Positions computed together. */
  readonly positionTile: 1 | 2 | 3 | 4;
  /** Independent sums per result, so that consecutive columns do not wait for each other. */
  readonly accumulatorSets: 1 | 2 | 4;
}

/** Most accumulators a schedule may ask for: x86-64 has 16 vector registers and some must hold operands. */
const MAXIMUM_ACCUMULATORS = 12;

function defaultSchedule(problem: SpmvProblem): SpmvSchedule {
  const { positions, rows } = problem;
  if (positions >= 3) return { groupRows: 8, positionTile: positions === 3 ? 3 : 4, accumulatorSets: 1 };
  if (positions === 2) {
    return rows >= 16
      ? { groupRows: 16, positionTile: 2, accumulatorSets: 1 }
      : { groupRows: 8, positionTile: 2, accumulatorSets: 2 };
  }
  if (rows >= 16) return { groupRows: 16, positionTile: 1, accumulatorSets: 1 };
  return rows >= 8
    ? { groupRows: 8, positionTile: 1, accumulatorSets: 2 }
    : { groupRows: 4, positionTile: 1, accumulatorSets: 4 };
}

function refuse(problem: SpmvProblem, schedule: SpmvSchedule): string | undefined {
  const accumulators = (schedule.groupRows / 4) * schedule.positionTile * schedule.accumulatorSets;
  if (accumulators > MAXIMUM_ACCUMULATORS) {
    return `${String(schedule.groupRows)} rows × ${String(schedule.positionTile)} positions × ${String(schedule.accumulatorSets)} sets need ${String(accumulators)} accumulators, more than ${String(MAXIMUM_ACCUMULATORS)}`;
  }
  if (problem.addend === 'output' && problem.rows % 4 > 0 && problem.outputSlack < 4 - (problem.rows % 4)) {
    return `adding to ${String(problem.rows)} rows in place needs slack up to a multiple of 4`;
  }
  return undefined;
}

/** Bytes of one entry of the index. */
function indexBytes(lists: ColumnLists): number {
  return lists.index === 'bytes32' ? 4 : 2;
}

/** The entry `position` places after the cursor. */
function loadEntry(lists: ColumnLists, cursor: Expression, position = 0): Expression {
  return lists.index === 'bytes32'
    ? load('i32', 'index', cursor, position * 4)
    : loadIndex16('index', cursor, position * 2);
}

/** Emits one pass over the columns of a group and returns the sums, one vector per (vector of rows, position). */
function emitColumns(
  builder: KernelBuilder,
  problem: SpmvProblem,
  schedule: SpmvSchedule,
  group: {
    vectors: number;
    positions: number;
    inputBase: Expression;
    weight: Variable;
    index: Variable;
    count: Expression;
  },
): Expression[][] {
  const sets = schedule.accumulatorSets;
  const sums = Array.from({ length: sets }, (_, set) =>
    Array.from({ length: group.vectors }, (_, vector) =>
      Array.from({ length: group.positions }, (_, position) =>
        builder.variable(`sum${String(set)}v${String(vector)}p${String(position)}`, float(0)),
      ),
    ),
  );
  const weightBytes = group.vectors * 16;

  const column = (set: number, slot: number, offset: Expression, constantOffset: number): void => {
    const address = builder.declare('column', add(group.inputBase, offset));
    const inputs = Array.from({ length: group.positions }, (_, position) =>
      builder.declare('x', loadSplat('input', address, constantOffset + position * problem.inputStep)),
    );
    (sums[set] ?? []).forEach((row, vector) => {
      const weight = builder.declare(
        'w',
        load('f32x4', 'weights', group.weight, slot * weightBytes + vector * 16),
      );
      row.forEach((sum, position) => {
        const x = inputs[position];
        if (x) builder.assign(sum, multiplyAdd(weight, x, sum));
      });
    });
  };

  /** `turns` columns at once, one per accumulator set; then the pointers move on. */
  const advance = (turns: number, emit: (slot: number) => void): void => {
    for (let slot = 0; slot < turns; slot++) emit(slot);
    builder.assign(group.weight, add(group.weight, integer(turns * weightBytes)));
  };

  const { columns } = problem;
  if (columns.kind === 'runs') {
    builder.loop('run', { to: columns.runs * columns.runStep, step: columns.runStep }, (run) => {
      const whole = columns.runLength - (columns.runLength % sets);
      builder.loop('offset', { to: whole * 4, step: sets * 4 }, (offset) => {
        advance(sets, (slot) => {
          column(slot, slot, add(run, offset), slot * 4);
        });
      });
      const rest = columns.runLength - whole;
      if (rest > 0) {
        advance(rest, (slot) => {
          column(slot, slot, run, (whole + slot) * 4);
        });
      }
    });
  } else {
    const entryBytes = indexBytes(columns);
    const listed = (set: number, slot: number): void => {
      const raw = loadEntry(columns, group.index, slot);
      column(set, slot, columns.index === 'elements16' ? binary('shiftLeft', raw, integer(2)) : raw, 0);
    };
    const turn = (turns: number): void => {
      advance(turns, (slot) => {
        listed(slot, slot);
      });
      builder.assign(group.index, add(group.index, integer(turns * entryBytes)));
    };
    if (sets === 1) {
      builder.loop('turn', { to: group.count }, () => {
        turn(1);
      });
    } else {
      const shift = Math.log2(sets);
      builder.loop('turn', { to: binary('shiftRight', group.count, integer(shift)) }, () => {
        turn(sets);
      });
      builder.loop('rest', { to: binary('and', group.count, integer(sets - 1)) }, () => {
        turn(1);
      });
    }
  }

  return Array.from({ length: group.vectors }, (_, vector) =>
    Array.from({ length: group.positions }, (_, position) =>
      sums
        .map((set): Expression => set[vector]?.[position] ?? float(0))
        .reduce((total, sum) => add(total, sum)),
    ),
  );
}

/** Calls `emit` for every tile of positions: a loop over whole tiles, then the rest. */
function forPositionTiles(
  builder: KernelBuilder,
  problem: SpmvProblem,
  schedule: SpmvSchedule,
  emit: (first: Expression, positions: number) => void,
): void {
  const tile = Math.min(schedule.positionTile, problem.positions);
  const whole = problem.positions - (problem.positions % tile);
  builder.loop('position', { to: whole, step: tile }, (position) => {
    emit(position, tile);
  });
  if (problem.positions > whole) emit(integer(whole), problem.positions - whole);
}

/** Names `position · step` bytes. */
function positionBase(builder: KernelBuilder, name: string, position: Expression, step: number): Expression {
  return builder.declare(name, multiply(position, integer(step)));
}

function lowerConsecutive(builder: KernelBuilder, problem: SpmvProblem, schedule: SpmvSchedule): void {
  const lists = problem.columns.kind === 'lists' ? problem.columns : undefined;
  const weightStart = builder.variable('weightStart', integer(0));
  const indexStart = builder.variable('indexStart', integer(0));
  const weight = builder.variable('weight', integer(0));
  const index = builder.variable('index_', integer(0));

  const emitGroup = (firstRow: Expression, rows: number): void => {
    const vectors = Math.ceil(rows / 4);
    const count = lists ? builder.declare('count', loadEntry(lists, indexStart)) : integer(0);
    forPositionTiles(builder, problem, schedule, (position, positions) => {
      const inputBase = positionBase(builder, 'inputBase', position, problem.inputStep);
      const outputBase = positionBase(builder, 'outputBase', position, problem.outputStep);
      builder.assign(weight, weightStart);
      if (lists) builder.assign(index, add(indexStart, integer(indexBytes(lists))));
      const sums = emitColumns(builder, problem, schedule, {
        vectors,
        positions,
        inputBase,
        weight,
        index,
        count,
      });
      const rowBase = builder.declare('rowBase', multiply(firstRow, integer(4)));
      const target = builder.declare('target', add(outputBase, rowBase));
      sums.forEach((perPosition, vector) => {
        perPosition.forEach((sum, position) => {
          const offset = position * problem.outputStep + vector * 16;
          const start =
            problem.addend === 'zero'
              ? sum
              : add(
                  sum,
                  problem.addend === 'bias'
                    ? load('f32x4', 'bias', rowBase, vector * 16)
                    : load('f32x4', 'output', target, offset),
                );
          const result = emitActivation(builder, problem.activation, start);
          const lanes = storableLanes(rows - vector * 4, problem.outputSlack);
          storeLanes(builder, 'output', target, offset, result, lanes);
        });
      });
    });
    builder.assign(weightStart, weight);
    if (lists) builder.assign(indexStart, index);
  };

  const whole = problem.rows - (problem.rows % schedule.groupRows);
  builder.loop('row', { to: whole, step: schedule.groupRows }, (row) => {
    emitGroup(row, schedule.groupRows);
  });
  if (problem.rows > whole) emitGroup(integer(whole), problem.rows - whole);
}

/** Floats of scratch per position in scattered order: the rows, and one slot that padded lanes write to. */
export function scatteredScratchRows(rows: number): number {
  return Math.ceil((rows + 1) / 4) * 4;
}

function lowerScattered(
  builder: KernelBuilder,
  problem: SpmvProblem,
  schedule: SpmvSchedule,
  lists: ColumnLists,
): void {
  const scratchStep = scatteredScratchRows(problem.rows) * 4;
  const rowVectors = Math.ceil(problem.rows / 4);
  builder.comment('sums start from the addend');
  builder.loop('start', { to: problem.positions }, (position) => {
    const scratchBase = positionBase(builder, 'scratchBase', position, scratchStep);
    const outputBase = positionBase(builder, 'outputBase', position, problem.outputStep);
    builder.loop('rowByte', { to: rowVectors * 16, step: 16 }, (row) => {
      const value =
        problem.addend === 'zero'
          ? float(0)
          : problem.addend === 'bias'
            ? load('f32x4', 'bias', row)
            : load('f32x4', 'output', add(outputBase, row));
      builder.store('scratch', add(scratchBase, row), 0, value);
    });
  });

  builder.comment('every group adds to its rows');
  const weightStart = builder.variable('weightStart', integer(0));
  const indexStart = builder.variable('indexStart', integer(0));
  const weight = builder.variable('weight', integer(0));
  const index = builder.variable('index_', integer(0));
  const vectors = schedule.groupRows / 4;
  builder.loop('group', { to: lists.groups }, () => {
    const count = builder.declare('count', loadEntry(lists, indexStart));
    forPositionTiles(builder, problem, schedule, (position, positions) => {
      const inputBase = positionBase(builder, 'inputBase', position, problem.inputStep);
      const scratchBase = positionBase(builder, 'scratchBase', position, scratchStep);
      builder.assign(weight, weightStart);
      builder.assign(index, add(indexStart, integer((1 + schedule.groupRows) * indexBytes(lists))));
      const sums = emitColumns(builder, problem, schedule, {
        vectors,
        positions,
        inputBase,
        weight,
        index,
        count,
      });
      sums.forEach((perPosition, vector) => {
        const rows = ([0, 1, 2, 3] as const).map((index) =>
          builder.declare(
            'rowByte',
            binary('shiftLeft', loadEntry(lists, indexStart, 1 + vector * 4 + index), integer(2)),
          ),
        );
        perPosition.forEach((sum, position) => {
          const total = builder.declare('total', sum);
          ([0, 1, 2, 3] as const).forEach((index) => {
            const row = rows[index];
            if (!row) return;
            const address = builder.declare('slot', add(scratchBase, row));
            const offset = position * scratchStep;
            builder.store(
              'scratch',
              address,
              offset,
              add(lane(total, index), load('f32', 'scratch', address, offset)),
            );
          });
        });
      });
    });
    builder.assign(weightStart, weight);
    builder.assign(indexStart, index);
  });

  builder.comment('results');
  builder.loop('finish', { to: problem.positions }, (position) => {
    const scratchBase = positionBase(builder, 'scratchBase', position, scratchStep);
    const outputBase = positionBase(builder, 'outputBase', position, problem.outputStep);
    const whole = problem.rows - (problem.rows % 4);
    const finish = (row: Expression, rows: number): void => {
      const result = emitActivation(
        builder,
        problem.activation,
        load('f32x4', 'scratch', add(scratchBase, row)),
      );
      storeLanes(builder, 'output', builder.declare('target', add(outputBase, row)), 0, result, rows);
    };
    builder.loop('rowByte', { to: whole * 4, step: 16 }, (row) => {
      finish(row, 4);
    });
    const rest = problem.rows - whole;
    if (rest > 0) finish(integer(whole * 4), storableLanes(rest, problem.outputSlack));
  });
}

function lower(problem: SpmvProblem, schedule: SpmvSchedule): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  const { columns } = problem;
  const scattered = columns.kind === 'lists' && columns.rowOrder === 'scattered';
  builder.buffer('input', 'read');
  builder.buffer('weights', 'read');
  if (columns.kind === 'lists') builder.buffer('index', 'read');
  if (problem.addend === 'bias') builder.buffer('bias', 'read');
  if (scattered) builder.buffer('scratch', 'readwrite');
  builder.buffer('output', problem.addend === 'output' ? 'readwrite' : 'write');
  if (scattered) lowerScattered(builder, problem, schedule, columns);
  else lowerConsecutive(builder, problem, schedule);
  const name = kernelName('spmv', {
    r: problem.rows,
    p: problem.positions,
    in: problem.positions > 1 ? problem.inputStep : undefined,
    out: problem.positions > 1 ? problem.outputStep : undefined,
    ...(columns.kind === 'runs'
      ? {
          k: `${String(columns.runs)}x${String(columns.runLength)}`,
          step: columns.runs > 1 ? columns.runStep : undefined,
        }
      : { bcr: columns.groups, index: columns.index, scattered: scattered }),
    slack: problem.outputSlack > 0 ? Math.min(3, problem.outputSlack) : undefined,
    add: problem.addend,
    act: activationName(problem.activation),
    t: `${String(schedule.groupRows)}x${String(schedule.positionTile)}x${String(schedule.accumulatorSets)}`,
  });
  return builder.build(
    name,
    `${String(problem.rows)} rows × ${String(problem.positions)} positions, ${columns.kind === 'runs' ? 'dense' : 'block sparse'}: ${String(schedule.groupRows)} rows in lanes, ${String(schedule.positionTile)} positions in registers`,
  );
}

/** Matrix times few right-hand sides, rows in vector lanes (paper, section IV: load redundancy elimination for SpMV). */
export const spmv: KernelFamily<SpmvProblem, SpmvSchedule> = { name: 'spmv', defaultSchedule, refuse, lower };
