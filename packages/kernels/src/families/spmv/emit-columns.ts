import { add, binary, float, integer, load, loadSplat, multiplyAdd } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder, Variable } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { indexBytes, loadEntry } from './column-index.ts';
import type { SpmvProblem, SpmvSchedule } from './spmv-problem.ts';

/** Emits one pass over the columns of a group and returns the sums, one vector per (vector of rows, position). */
export function emitColumns(
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
    /** Regions of the weights that hold the group's rows, and the bytes of one. */
    streams: { count: number; regionBytes: number };
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
  const { count: streams, regionBytes } = group.streams;
  const streamVectors = group.vectors / streams;
  const weightBytes = streamVectors * 16;
  const weightOffset = (slot: number, vector: number): number =>
    Math.floor(vector / streamVectors) * regionBytes + slot * weightBytes + (vector % streamVectors) * 16;

  const column = (set: number, slot: number, offset: Expression, constantOffset: number): void => {
    const address = builder.declare('column', add(group.inputBase, offset));
    const inputs = Array.from({ length: group.positions }, (_, position) =>
      builder.declare('x', loadSplat('input', address, constantOffset + position * problem.inputStep)),
    );
    (sums[set] ?? []).forEach((row, vector) => {
      const weight = builder.declare('w', load('f32x4', 'weights', group.weight, weightOffset(slot, vector)));
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
