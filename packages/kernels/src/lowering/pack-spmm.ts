import { rowGroups, type RowSegment } from '@grim/bcr';

import type { SpmmProblem } from '../families/spmm.ts';
import type { MatrixOperand } from './matrix-operand.ts';

/** Weights packed for the `spmm` family. */
export interface PackedSpmm {
  readonly columns: SpmmProblem['columns'];
  readonly weights: Float32Array;
  readonly index: Int32Array;
  readonly path: string;
  /** Weights stored; multiply-adds per pixel. */
  readonly stored: number;
}

/** Columns of a sparse layer must be at most this share of the dense ones for lists to pay. */
const WORTHWHILE = 0.95;

function packDense(
  operand: MatrixOperand,
  groupRows: number,
  offset: (column: number) => number,
  reason: string,
): PackedSpmm {
  const { rows, columns, values } = operand.matrix;
  const weights = new Float32Array(rows * columns);
  let position = 0;
  for (let first = 0; first < rows; first += groupRows) {
    const count = Math.min(groupRows, rows - first);
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < count; row++)
        weights[position++] = values[(first + row) * columns + column] ?? 0;
    }
  }
  return {
    columns: { kind: 'all', columns },
    weights,
    index: Int32Array.from({ length: columns }, (_, column) => offset(column)),
    path: `dense: ${reason}`,
    stored: weights.length,
  };
}

/** Appends the weights of a segment without the lanes that hold no row. */
function appendWeights(weights: number[], segment: RowSegment, lanes: number): void {
  for (let column = 0; column < segment.columns.length; column++) {
    for (let row = 0; row < segment.rows.length; row++)
      weights.push(segment.values[column * lanes + row] ?? 0);
  }
}

/**
 * Packs a weight matrix for the `spmm` family.
 *
 * @param operand - The weights with their blocks.
 * @param groupRows - Rows of a group in the schedule.
 * @param offset - Byte offset of a column in the padded input.
 * @param outputChannelStep - Bytes between two output channels.
 */
export function packSpmm(
  operand: MatrixOperand,
  groupRows: number,
  offset: (column: number) => number,
  outputChannelStep: number,
): PackedSpmm {
  if (!operand.bcr) return packDense(operand, groupRows, offset, 'not pruned');
  const { rows, columns } = operand.matrix;
  const { blockRows, blockColumns } = operand.bcr;
  const groups = rowGroups(operand.matrix, { lanes: groupRows, grid: { blockRows, blockColumns } });
  const kept = groups.segments.reduce(
    (sum, segment) => sum + segment.columns.length * segment.rows.length,
    0,
  );
  if (kept > rows * columns * WORTHWHILE) {
    return packDense(
      operand,
      groupRows,
      offset,
      `${String(kept)} of ${String(rows * columns)} weights would be stored`,
    );
  }
  const inOrder =
    groups.exclusive &&
    groups.segments.length === Math.ceil(rows / groupRows) &&
    groups.segments.every(
      (segment, g) =>
        segment.contiguous &&
        segment.rows[0] === g * groupRows &&
        segment.rows.length === Math.min(groupRows, rows - g * groupRows),
    );
  const segments = inOrder
    ? groups.segments
    : [...groups.segments]
        .filter(({ columns: list }) => list.length > 0)
        .sort((a, b) => b.rows.length - a.rows.length);
  const index: number[] = [];
  const weights: number[] = [];
  const counts = new Array<number>(groupRows).fill(0);
  for (const segment of segments) {
    index.push(segment.columns.length);
    if (!inOrder) {
      for (const row of segment.rows) index.push(row * outputChannelStep);
      counts[segment.rows.length - 1] = (counts[segment.rows.length - 1] ?? 0) + 1;
    }
    for (const column of segment.columns) index.push(offset(column));
    appendWeights(weights, segment, groupRows);
  }
  const padding = groups.nonZeros === 0 ? 1 : weights.length / groups.nonZeros;
  return {
    columns: inOrder ? { kind: 'groups' } : { kind: 'segments', counts },
    weights: Float32Array.from(weights),
    index: Int32Array.from(index),
    path: `sparse ${((rows * columns) / Math.max(1, groups.nonZeros)).toFixed(1)}×, padding ${padding.toFixed(2)}, ${inOrder ? 'rows in order' : 'row segments'}`,
    stored: weights.length,
  };
}
