import type { RowSegment } from '@grim/bcr';

import type { Floats } from '../families/floats.ts';
import type { ColumnLists } from '../families/spmv/spmv-problem.ts';

/** How segments lie in memory for the `spmv` family. */
export interface SegmentLayout {
  readonly lists: ColumnLists;
  readonly floats: Floats;
  /** Rows of a group. */
  readonly lanes: number;
  /** Regions that a group's lanes are spread over; one unless rows are scattered. */
  readonly streams: number;
  /** Rows of the matrix that are computed: lanes with others add to the slot after the last of them. */
  readonly firstRow: number;
  readonly rows: number;
  /** Byte offset of a column from the input of position 0. */
  readonly offset: (column: number) => number;
}

/** Weights that are stored for a segment. */
export function storedWeights(
  segment: RowSegment,
  { lists, floats, lanes }: Pick<SegmentLayout, 'floats' | 'lists' | 'lanes'>,
): number {
  const stored =
    lists.rowOrder === 'scattered' ? lanes : Math.ceil(segment.rows.length / floats.lanes) * floats.lanes;
  return segment.columns.length * stored;
}

/** Writes groups of rows as the `spmv` family reads them: weights by column and lane, and the index of {@link ColumnLists}. */
export function packSegments(
  segments: readonly RowSegment[],
  layout: SegmentLayout,
): { weights: Float32Array; index: Uint16Array } {
  const { lists, lanes, streams, firstRow, rows, offset } = layout;
  const entries: number[] = [];
  const weights = new Float32Array(
    segments.reduce((sum, segment) => sum + storedWeights(segment, layout), 0),
  );
  let at = 0;
  for (const segment of segments) {
    if (lists.groupColumns === undefined) entries.push(segment.columns.length);
    if (lists.rowOrder === 'scattered') {
      for (let lane = 0; lane < lanes; lane++) {
        const row = (segment.rows[lane] ?? -1) - firstRow;
        const slot = row >= 0 && row < rows ? row : rows;
        entries.push(lists.index === 'bytes32' ? slot * layout.floats.bytes : slot);
      }
    }
    for (const column of segment.columns) {
      entries.push(lists.index === 'elements16' ? offset(column) / layout.floats.bytes : offset(column));
    }
    const stored = storedWeights(segment, layout);
    const storedLanes = segment.columns.length === 0 ? 0 : stored / segment.columns.length;
    const share = storedLanes / streams;
    for (let column = 0; column < segment.columns.length; column++) {
      for (let stream = 0; stream < streams; stream++) {
        const first = column * lanes + stream * share;
        const region = (stream * weights.length) / streams;
        weights.set(segment.values.subarray(first, first + share), region + at + column * share);
      }
    }
    at += stored / streams;
  }
  const index =
    lists.index === 'bytes32' ? new Uint16Array(Uint32Array.from(entries).buffer) : Uint16Array.from(entries);
  return { weights, index };
}
