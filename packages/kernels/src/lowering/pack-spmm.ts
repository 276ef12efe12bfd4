import type { Matrix } from '@grim/bcr';

import type { SpmmProblem, SpmmSchedule } from '../families/spmm/spmm-problem.ts';
import { spmm } from '../families/spmm/spmm.ts';
import { spmmChoices } from '../families/spmm/schedule-choices.ts';
import { panelLayout, panelOffset, type Tap } from '../families/spmm/panel-layout.ts';
import { rowsOfSubset } from '../families/spmm/strip.ts';
import { streamTurnBytes } from '../families/spmm/emit-columns.ts';
import type { KernelTarget } from '../target.ts';
import { floatsOf } from '../families/floats.ts';
import type { MatrixOperand } from './matrix-operand.ts';
import { readSchedule } from './read-schedule.ts';
import { StreamWriter } from './stream-writer.ts';
import { stripRows } from './strip-rows.ts';

/** The parts of a problem that do not depend on how the weights are packed. */
export type SpmmShape = Omit<SpmmProblem, 'columns'>;

/** A group of rows in the first buffer of the packed weights. */
export interface PackedGroup {
  /**
   * Weights of a dense layer, or words of four bytes of a stream, that it takes in each section of the buffer; all groups lie there
   * one after the other.
   */
  readonly words: readonly number[];
  /** Weights among them. */
  readonly stored: number;
}

/** Weights packed for the `spmm` family. */
export interface PackedSpmm {
  readonly problem: SpmmProblem;
  readonly schedule: SpmmSchedule;
  /**
   * `weights` and `index` of a dense layer, or the `stream` of a sparse one, in the order of the kernel's buffers. Weights become
   * elements when they are placed, those in a stream are.
   */
  readonly data: readonly (Float32Array | Int32Array)[];
  /** The groups of rows in the order in which they lie in `data[0]`. */
  readonly groups: readonly PackedGroup[];
  /** Position in the order of computation → row of the matrix; biases are needed in this order. */
  readonly order: readonly number[];
  readonly path: string;
  /** Multiply-adds per pixel. */
  readonly stored: number;
}

/** A sparse layer must store at most this share of the dense weights for lists to pay. */
const WORTHWHILE = 0.95;

/** Byte offset of the input under a tap from that under the first one. */
const offsetInPlace = ({ window }: SpmmShape, { channel, y, x }: Tap): number =>
  channel * window.channelStep + y * window.rowStep + x * window.pixelStep;

const naturalOrder = (rows: number): number[] => Array.from({ length: rows }, (_, row) => row);

function scheduleFor(operand: MatrixOperand, problem: SpmmProblem, target: KernelTarget): SpmmSchedule {
  return readSchedule(operand.schedule, spmm.defaultSchedule(problem, target), spmmChoices);
}

function packDense(
  operand: MatrixOperand,
  shape: SpmmShape,
  tap: (column: number) => Tap,
  target: KernelTarget,
  reason: string,
): PackedSpmm {
  const { rows, columns, values } = operand.matrix;
  const problem: SpmmProblem = { ...shape, columns: { kind: 'all', columns } };
  const schedule = scheduleFor(operand, problem, target);
  const weights = new Float32Array(rows * columns);
  const groups: PackedGroup[] = [];
  let position = 0;
  for (let first = 0; first < rows; first += schedule.groupRows) {
    const last = Math.min(rows, first + schedule.groupRows);
    for (let column = 0; column < columns; column++) {
      for (let row = first; row < last; row++) weights[position++] = values[row * columns + column] ?? 0;
    }
    const words = (last - first) * columns;
    groups.push({ words: [words], stored: words });
  }
  return {
    problem,
    schedule,
    data: [weights, Int32Array.from({ length: columns }, (_, column) => offsetInPlace(shape, tap(column)))],
    groups,
    order: naturalOrder(rows),
    path: `dense: ${reason}`,
    stored: weights.length,
  };
}

/** Columns of a strip by the subset of its rows that use them; with padding, all are used by all rows. */
function columnsBySubset(
  matrix: Matrix,
  rows: readonly number[],
  rowPruning: SpmmSchedule['rowPruning'],
): Map<number, number[]> {
  const bySubset = new Map<number, number[]>();
  const everyRow = 2 ** rows.length - 1;
  for (let column = 0; column < matrix.columns; column++) {
    let subset = 0;
    rows.forEach((row, position) => {
      if (matrix.values[row * matrix.columns + column] !== 0) subset |= 1 << position;
    });
    if (subset === 0) continue;
    if (rowPruning === 'padding') subset = everyRow;
    const columns = bySubset.get(subset);
    if (columns) columns.push(column);
    else bySubset.set(subset, [column]);
  }
  return bySubset;
}

/** Strips whose columns are sorted by row subset: unless asked for, nothing but non-zeros is stored. */
function packStrips(
  operand: MatrixOperand,
  shape: SpmmShape,
  tap: (column: number) => Tap,
  target: KernelTarget,
): PackedSpmm {
  const { matrix, bcr } = operand;
  const anySubset: SpmmProblem = { ...shape, columns: { kind: 'strips', subsets: [] } };
  const schedule = scheduleFor(operand, anySubset, target);
  const order = stripRows(matrix, schedule.groupRows, bcr?.blockRows ?? schedule.groupRows);
  const strips = Array.from({ length: Math.ceil(matrix.rows / schedule.groupRows) }, (_, strip) =>
    order.slice(strip * schedule.groupRows, (strip + 1) * schedule.groupRows),
  );
  const subsetsOf = strips.map((rows) => columnsBySubset(matrix, rows, schedule.rowPruning));
  const subsets = [...new Set(subsetsOf.flatMap((bySubset) => [...bySubset.keys()]))].sort((a, b) => a - b);
  const stream = new StreamWriter();
  const words = strips.map((): number[] => []);
  const { panelChannels, columnUnroll } = schedule;
  const channels = panelChannels === 0 ? shape.window.channels : panelChannels;
  const layout = panelLayout(shape, schedule);
  const floats = floatsOf(shape.element);
  for (let firstChannel = 0; firstChannel < shape.window.channels; firstChannel += channels) {
    const offset = (column: number): number => {
      const place = tap(column);
      return panelChannels === 0
        ? offsetInPlace(shape, place)
        : panelOffset(layout, { ...place, channel: place.channel - firstChannel });
    };
    const isInPanel = (column: number): boolean => {
      const { channel } = tap(column);
      return channel >= firstChannel && channel < firstChannel + channels;
    };
    strips.forEach((rows, strip) => {
      const start = stream.length;
      for (const row of rows) stream.integer(row * shape.outputChannelStep);
      for (const subset of subsets) {
        const members = rows.filter((_, position) => (subset >> position) & 1);
        // The last strip may be shorter: subsets that name only rows it lacks are not in its code.
        if (members.length === 0) continue;
        const columns = (subsetsOf[strip]?.get(subset) ?? []).filter(isInPanel);
        const writeTurns = (turns: readonly number[], unroll: number): void => {
          for (let first = 0; first < turns.length; first += unroll) {
            const turn = turns.slice(first, first + unroll);
            for (const column of turn) stream.integer(offset(column));
            const weights = turn.flatMap((column) =>
              members.map((row) => matrix.values[row * matrix.columns + column] ?? 0),
            );
            stream.elements(weights, shape.element ?? 'f32');
          }
        };
        const rest = columns.length % columnUnroll;
        const whole = columns.length - rest;
        const turnBytes = (unroll: number): number => streamTurnBytes(members.length, unroll, floats);
        const wholeBytes = (whole / columnUnroll) * turnBytes(columnUnroll);
        stream.integer(wholeBytes + rest * turnBytes(1));
        if (columnUnroll > 1) stream.integer(wholeBytes);
        writeTurns(columns.slice(0, whole), columnUnroll);
        writeTurns(columns.slice(whole), 1);
      }
      words[strip]?.push(stream.length - start);
    });
  }
  const groups = strips.map((rows, strip): PackedGroup => {
    const perSubset = [...(subsetsOf[strip] ?? [])].map(
      ([subset, columns]) => rowsOfSubset(subset, rows.length).length * columns.length,
    );
    return { words: words[strip] ?? [], stored: perSubset.reduce((sum, count) => sum + count, 0) };
  });
  const isOrdered = order.every((row, position) => row === position);
  return {
    problem: { ...shape, columns: { kind: 'strips', subsets } },
    schedule,
    data: [stream.finish()],
    groups,
    order,
    path: `${String(subsets.length)} row subset(s) of strips, ${isOrdered ? 'rows in order' : 'rows reordered'}`,
    stored: groups.reduce((sum, group) => sum + group.stored, 0),
  };
}

/**
 * Packs a weight matrix for the `spmm` family: block sparse when enough of it is zero, else dense, saying why.
 *
 * @param operand - The weights with their blocks.
 * @param shape - The convolution.
 * @param tap - Where in the window of a pixel the input of a column is.
 * @param target - What the schedule may count on.
 */
export function packSpmm(
  operand: MatrixOperand,
  shape: SpmmShape,
  tap: (column: number) => Tap,
  target: KernelTarget,
): PackedSpmm {
  if (!operand.bcr) return packDense(operand, shape, tap, target, 'not pruned');
  const { rows, columns, values } = operand.matrix;
  const nonZeros = values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
  if (nonZeros > rows * columns * WORTHWHILE) {
    return packDense(
      operand,
      shape,
      tap,
      target,
      `${String(nonZeros)} of ${String(rows * columns)} weights are left`,
    );
  }
  const packed = packStrips(operand, shape, tap, target);
  const padding = packed.stored / Math.max(1, nonZeros);
  const rate = (rows * columns) / Math.max(1, nonZeros);
  return { ...packed, path: `sparse ${rate.toFixed(1)}×, padding ${padding.toFixed(2)}, ${packed.path}` };
}
