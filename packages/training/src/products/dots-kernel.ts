import {
  add,
  integer,
  KernelBuilder,
  lane,
  load,
  multiply,
  multiplyAdd,
  type Expression,
  type Kernel,
} from '@grim/kernels';
import { groupsOfSpans, type Spans } from './spans.ts';
import { BYTES, LANES, tilesOf, zero } from './tiles.ts';

/**
 * Products of rows with slices of one array: `out[m][j] += Σ_p a[m][p] · b[starts[j] + p]`, for m below `rows`, j below `slices`
 * and p in `spans`. So the derivatives of weights come from those of the sums they are in.
 */
export interface DotsProblem {
  readonly rows: number;
  readonly slices: number;
  readonly spans: Spans;
  /** Elements from one row of `a` to the next. */
  readonly rowStep: number;
}

/** Rows and slices of a tile: its sums and what they are made of fit in sixteen registers. */
const TILE = { rows: 4, slices: 2 } as const;

/** Elements that all rows and slices are multiplied for before the next ones: those of a tile stay in the first cache. */
const CHUNK = 512;

/** The kernel of a problem; its buffers are `a`, `b`, `starts` (byte offsets into `b`) and `out`. */
export function dotsKernel({ rows, slices, spans, rowStep }: DotsProblem): Kernel {
  const builder = new KernelBuilder();
  builder.buffer('a', 'read');
  builder.buffer('b', 'read');
  builder.buffer('starts', 'read');
  builder.buffer('out', 'readwrite');
  const rowBytes = rowStep * BYTES;
  const spanBytes = spans.step * BYTES;

  const emitTile = (
    [tileRows, tileSlices]: readonly [number, number],
    [row, slice]: readonly [Expression, Expression],
    [offset, count, length]: readonly [Expression, number, number],
  ): void => {
    const rowStart = builder.declare('rowStart', multiply(row, integer(rowBytes)));
    const starts = Array.from({ length: tileSlices }, (_, index) =>
      builder.declare('start', load('i32', 'starts', multiply(slice, integer(BYTES)), index * BYTES)),
    );
    const sums = Array.from({ length: tileRows * tileSlices }, () => builder.variable('sum', zero));
    builder.loop('span', { to: count * spanBytes, step: spanBytes }, (span) => {
      const from = builder.declare('from', add(offset, span));
      const to = add(from, integer(length * BYTES));
      builder.loop('position', { from, to, step: LANES * BYTES }, (position) => {
        const rowValues = Array.from({ length: tileRows }, (_, index) =>
          builder.declare('rowValue', load('f32x4', 'a', add(rowStart, position), index * rowBytes)),
        );
        starts.forEach((start, column) => {
          const value = builder.declare('value', load('f32x4', 'b', add(start, position)));
          rowValues.forEach((rowValue, index) => {
            const sum = sums[index * tileSlices + column];
            if (sum) builder.assign(sum, multiplyAdd(rowValue, value, sum));
          });
        });
      });
    });
    const result = builder.declare(
      'result',
      add(multiply(row, integer(slices * BYTES)), multiply(slice, integer(BYTES))),
    );
    sums.forEach((sum, index) => {
      const offset = (Math.floor(index / tileSlices) * slices + (index % tileSlices)) * BYTES;
      const halves = [add(lane(sum, 0), lane(sum, 1)), add(lane(sum, 2), lane(sum, 3))] as const;
      builder.store('out', result, offset, add(load('f32', 'out', result, offset), add(...halves)));
    });
  };

  groupsOfSpans(builder, spans, CHUNK, (...group) => {
    tilesOf(builder, 'row', { to: rows, tile: TILE.rows }, (row, tileRows) => {
      tilesOf(builder, 'slice', { to: slices, tile: TILE.slices }, (slice, tileSlices) => {
        emitTile([tileRows, tileSlices], [row, slice], group);
      });
    });
  });
  return builder.build(
    `dots_m${rows}_n${slices}_k${spans.count}x${spans.length}_step${spans.step}_row${rowStep}`,
    `products of ${rows} rows with ${slices} slices of ${spans.count} times ${spans.length} elements`,
  );
}
