import { add, binary, integer, multiply, multiplyAdd } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder, Variable } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { constantOf, floatsOf, loadVector, splatElement } from '../floats.ts';
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
  const floats = floatsOf(problem.element);
  const { bytes, vectorBytes } = floats;
  const sets = schedule.accumulatorSets;
  const sums = Array.from({ length: sets }, (_, set) =>
    Array.from({ length: group.vectors }, (_, vector) =>
      Array.from({ length: group.positions }, (_, position) =>
        builder.variable(`sum${String(set)}v${String(vector)}p${String(position)}`, constantOf(floats, 0)),
      ),
    ),
  );
  const { count: streams, regionBytes } = group.streams;
  const streamVectors = group.vectors / streams;
  const weightBytes = problem.weightStep ?? streamVectors * vectorBytes;
  const weightOffset = (slot: number, vector: number): number =>
    Math.floor(vector / streamVectors) * regionBytes +
    slot * weightBytes +
    (vector % streamVectors) * vectorBytes;

  const column = (weights: Expression, slot: number, offset: Expression, constantOffset: number): void => {
    const address = builder.declare('column', add(group.inputBase, offset));
    const inputs = Array.from({ length: group.positions }, (_, position) =>
      builder.declare(
        'x',
        splatElement(floats, 'input', address, constantOffset + position * problem.inputStep),
      ),
    );
    (sums[slot % sets] ?? []).forEach((row, vector) => {
      const weight = builder.declare('w', loadVector(floats, 'weights', weights, weightOffset(slot, vector)));
      row.forEach((sum, position) => {
        const x = inputs[position];
        if (x) builder.assign(sum, multiplyAdd(weight, x, sum));
      });
    });
  };

  /** `turns` columns at once, for the accumulator sets by turns; then the pointers move on. */
  const advance = (turns: number, emit: (slot: number) => void): void => {
    for (let slot = 0; slot < turns; slot++) emit(slot);
    builder.assign(group.weight, add(group.weight, integer(turns * weightBytes)));
  };

  const unroll = schedule.columnUnroll;
  const { columns } = problem;
  if (columns.kind === 'runs') {
    builder.loop('run', { to: columns.runs * columns.runStep, step: columns.runStep }, (run) => {
      const whole = columns.runLength - (columns.runLength % unroll);
      builder.loop('offset', { to: whole * bytes, step: unroll * bytes }, (offset) => {
        advance(unroll, (slot) => {
          column(group.weight, slot, add(run, offset), slot * bytes);
        });
      });
      const rest = columns.runLength - whole;
      if (rest > 0) {
        advance(rest, (slot) => {
          column(group.weight, slot, run, (whole + slot) * bytes);
        });
      }
    });
  } else {
    const entryBytes = indexBytes(columns);
    const turn = (weight: Expression, turns: number): void => {
      for (let slot = 0; slot < turns; slot++) {
        const entry = loadEntry(columns, group.index, slot);
        switch (columns.index) {
          case 'elements16':
            column(weight, slot, binary('shiftLeft', entry, integer(Math.log2(bytes))), 0);
            break;
          case 'bytes16':
            column(weight, slot, entry, 0);
            break;
          case 'bytes32':
            // Named, so that renderers can load two at once.
            column(weight, slot, builder.declare('offset', entry), 0);
        }
      }
      builder.assign(group.index, add(group.index, integer(turns * entryBytes)));
    };
    // The pointer into the weights is the loop's variable: a counter of its own would cost an instruction per turn.
    const turns = (from: Expression, to: Expression, columnsPerTurn: number): void => {
      builder.loop('column', { from, to, step: columnsPerTurn * weightBytes }, (weight) => {
        turn(weight, columnsPerTurn);
      });
    };
    const behind = (count: Expression): Expression =>
      builder.declare('end', add(group.weight, multiply(count, integer(weightBytes))));
    const { groupColumns } = columns;
    if (groupColumns !== undefined) {
      const rest = groupColumns % unroll;
      const whole = behind(integer(groupColumns - rest));
      if (groupColumns > rest) turns(group.weight, whole, unroll);
      if (rest > 0) turn(whole, rest);
      builder.assign(group.weight, behind(integer(groupColumns)));
    } else {
      const whole = unroll === 1 ? undefined : behind(binary('and', group.count, integer(-unroll)));
      const end = behind(group.count);
      if (whole) turns(group.weight, whole, unroll);
      turns(whole ?? group.weight, end, 1);
      builder.assign(group.weight, end);
    }
  }

  return Array.from({ length: group.vectors }, (_, vector) =>
    Array.from({ length: group.positions }, (_, position) =>
      sums
        .map((set): Expression => set[vector]?.[position] ?? constantOf(floats, 0))
        .reduce((total, sum) => add(total, sum)),
    ),
  );
}
