import { add, integer, multiply } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { emitActivation } from '../../math/activation.ts';
import { floatsOf, loadVector } from '../floats.ts';
import { storableLanes, storeLanes } from '../store-lanes.ts';
import { headEntries, indexBytes, loadColumnCount } from './column-index.ts';
import { emitColumns } from './emit-columns.ts';
import { forPositionTiles, positionBase } from './position-tiles.ts';
import { columnCount, type SpmvProblem, type SpmvSchedule } from './spmv-problem.ts';

/** Groups of consecutive rows: sums stay in registers from the addend to the activation. */
export function lowerConsecutive(builder: KernelBuilder, problem: SpmvProblem, schedule: SpmvSchedule): void {
  const floats = floatsOf(problem.element);
  const { bytes, lanes: vectorLanes, vectorBytes } = floats;
  const lists = problem.columns.kind === 'lists' ? problem.columns : undefined;
  const weightStart = builder.variable('weightStart', integer(0));
  const indexStart = builder.variable('indexStart', integer(0));
  const weight = builder.variable('weight', integer(0));
  const index = builder.variable('index_', integer(0));

  const whole = problem.rows - (problem.rows % schedule.groupRows);
  const { columns } = problem;
  const regionBytes =
    columns.kind === 'runs' ? (whole / schedule.weightStreams) * columnCount(columns) * bytes : 0;

  const emitGroup = (firstRow: Expression, rows: number, streams: number): void => {
    const vectors = Math.ceil(rows / vectorLanes);
    const count = lists ? builder.declare('count', loadColumnCount(lists, indexStart)) : integer(0);
    forPositionTiles(builder, problem, schedule, (position, positions) => {
      const inputBase = positionBase(builder, 'inputBase', position, problem.inputStep);
      const outputBase = positionBase(builder, 'outputBase', position, problem.outputStep);
      builder.assign(weight, weightStart);
      if (lists) {
        const { counts } = headEntries(lists, rows);
        builder.assign(index, add(indexStart, integer(counts * indexBytes(lists))));
      }
      const sums = emitColumns(builder, problem, schedule, {
        vectors,
        positions,
        inputBase,
        weight,
        index,
        count,
        streams: { count: streams, regionBytes },
      });
      const rowBase = builder.declare('rowBase', multiply(firstRow, integer(bytes)));
      const target = builder.declare('target', add(outputBase, rowBase));
      sums.forEach((perPosition, vector) => {
        perPosition.forEach((sum, position) => {
          const offset = position * problem.outputStep + vector * vectorBytes;
          const start =
            problem.addend === 'zero'
              ? sum
              : add(
                  sum,
                  problem.addend === 'bias'
                    ? loadVector(floats, 'bias', rowBase, vector * vectorBytes)
                    : loadVector(floats, 'output', target, offset),
                );
          const result = emitActivation(builder, problem.activation, start);
          const lanes = storableLanes(rows - vector * vectorLanes, problem.outputSlack, floats);
          storeLanes(builder, 'output', target, offset, result, lanes, floats);
        });
      });
    });
    builder.assign(weightStart, weight);
    if (lists) builder.assign(indexStart, index);
  };

  builder.loop('row', { to: whole, step: schedule.groupRows }, (row) => {
    emitGroup(row, schedule.groupRows, schedule.weightStreams);
  });
  if (problem.rows === whole) return;
  // The last rows lie behind all regions.
  if (schedule.weightStreams > 1) builder.assign(weightStart, integer(schedule.weightStreams * regionBytes));
  emitGroup(integer(whole), problem.rows - whole, 1);
}
