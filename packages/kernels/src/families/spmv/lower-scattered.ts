import { add, integer, lane } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { ElementType, Expression } from '../../kernel-ir/types.ts';
import { emitActivation } from '../../math/activation.ts';
import { constantOf, floatsOf, loadScalar, loadVector } from '../floats.ts';
import { storableLanes, storeLanes } from '../store-lanes.ts';
import { headEntries, indexBytes, loadColumnCount, loadRowByte } from './column-index.ts';
import { emitColumns } from './emit-columns.ts';
import { forPositionTiles, positionBase } from './position-tiles.ts';
import type { ColumnLists, SpmvProblem, SpmvSchedule } from './spmv-problem.ts';

/** Elements of scratch per position in scattered order: the rows, and one slot that padded lanes write to. */
export function scatteredScratchRows(rows: number, element?: ElementType): number {
  const { lanes } = floatsOf(element);
  return Math.ceil((rows + 1) / lanes) * lanes;
}

/** Groups that add to rows anywhere: sums of all rows wait in scratch until every group has run. */
export function lowerScattered(
  builder: KernelBuilder,
  problem: SpmvProblem,
  schedule: SpmvSchedule,
  lists: ColumnLists,
): void {
  const floats = floatsOf(problem.element);
  const { bytes, lanes: vectorLanes, vectorBytes } = floats;
  const laneNumbers = Array.from({ length: vectorLanes }, (_, index) => index);
  const scratchStep = scatteredScratchRows(problem.rows, problem.element) * bytes;
  const rowVectors = Math.ceil(problem.rows / vectorLanes);
  builder.comment('sums start from the addend');
  builder.loop('start', { to: problem.positions }, (position) => {
    const scratchBase = positionBase(builder, 'scratchBase', position, scratchStep);
    const outputBase = positionBase(builder, 'outputBase', position, problem.outputStep);
    builder.loop('rowByte', { to: rowVectors * vectorBytes, step: vectorBytes }, (row) => {
      const value =
        problem.addend === 'zero'
          ? constantOf(floats, 0)
          : problem.addend === 'bias'
            ? loadVector(floats, 'bias', row)
            : loadVector(floats, 'output', add(outputBase, row));
      builder.store('scratch', add(scratchBase, row), 0, value);
    });
  });

  builder.comment('every group adds to its rows');
  const weightStart = builder.variable('weightStart', integer(0));
  const indexStart = builder.variable('indexStart', integer(0));
  const weight = builder.variable('weight', integer(0));
  const index = builder.variable('index_', integer(0));
  const vectors = schedule.groupRows / vectorLanes;
  const head = headEntries(lists, schedule.groupRows);
  const regionBytes = (lists.listedColumns * schedule.groupRows * bytes) / schedule.weightStreams;
  builder.loop('group', { to: lists.groups }, () => {
    const count = builder.declare('count', loadColumnCount(lists, indexStart));
    forPositionTiles(builder, problem, schedule, (position, positions) => {
      const inputBase = positionBase(builder, 'inputBase', position, problem.inputStep);
      const scratchBase = positionBase(builder, 'scratchBase', position, scratchStep);
      builder.assign(weight, weightStart);
      builder.assign(index, add(indexStart, integer((head.counts + head.rows) * indexBytes(lists))));
      const sums = emitColumns(builder, problem, schedule, {
        vectors,
        positions,
        inputBase,
        weight,
        index,
        count,
        streams: { count: schedule.weightStreams, regionBytes },
      });
      sums.forEach((perPosition, vector) => {
        const rows = laneNumbers.map((index) =>
          builder.declare(
            'rowByte',
            loadRowByte(lists, bytes, indexStart, head.counts + vector * vectorLanes + index),
          ),
        );
        perPosition.forEach((sum, position) => {
          const total = builder.declare('total', sum);
          laneNumbers.forEach((index) => {
            const row = rows[index];
            if (!row) return;
            const address = builder.declare('slot', add(scratchBase, row));
            const offset = position * scratchStep;
            builder.store(
              'scratch',
              address,
              offset,
              add(lane(total, index), loadScalar(floats, 'scratch', address, offset)),
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
    const whole = problem.rows - (problem.rows % vectorLanes);
    const finish = (row: Expression, rows: number): void => {
      const result = emitActivation(
        builder,
        problem.activation,
        loadVector(floats, 'scratch', add(scratchBase, row)),
      );
      const target = builder.declare('target', add(outputBase, row));
      storeLanes(builder, 'output', target, 0, result, rows, floats);
    };
    builder.loop('rowByte', { to: whole * bytes, step: vectorBytes }, (row) => {
      finish(row, vectorLanes);
    });
    const rest = problem.rows - whole;
    if (rest > 0) finish(integer(whole * bytes), storableLanes(rest, problem.outputSlack, floats));
  });
}
