import {
  add,
  integer,
  KernelBuilder,
  load,
  loadSplat,
  multiply,
  multiplyAdd,
  type Expression,
  type Kernel,
} from '@grim/kernels';
import { groupsOfSpans, type Spans } from './spans.ts';
import { BYTES, LANES, tilesOf, zero } from './tiles.ts';

/**
 * Weighted sums of slices of one array: `out[m][p] = Σ_j a[m][j] · b[starts[j] + p]`, for m below `rows`, j below `terms` and p
 * in `spans`. A convolution is such a sum; each slice is the pixels of one channel under one element of the kernel.
 */
export interface SumsProblem {
  readonly rows: number;
  readonly terms: number;
  readonly spans: Spans;
  /** Elements from one row of `out` to the next. */
  readonly rowStep: number;
}

/** Rows and vectors of a tile: its sums and what they are made of fit in sixteen registers. */
const TILE = { rows: 4, vectors: 2 } as const;

/** Elements of the slices that stay in the second cache while all rows use them. */
const CHUNK = 1024;

/** The kernel of a problem; its buffers are `a`, `b`, `starts` (byte offsets into `b`) and `out`. */
export function sumsKernel({ rows, terms, spans, rowStep }: SumsProblem): Kernel {
  const builder = new KernelBuilder();
  builder.buffer('a', 'read');
  builder.buffer('b', 'read');
  builder.buffer('starts', 'read');
  builder.buffer('out', 'write');
  const termBytes = terms * BYTES;
  const rowBytes = rowStep * BYTES;
  const spanBytes = spans.step * BYTES;
  const vectorBytes = LANES * BYTES;

  const emitTile = (
    [tileRows, tileVectors]: readonly [number, number],
    [weights, result]: readonly [Expression, Expression],
    position: Expression,
  ): void => {
    const sums = Array.from({ length: tileRows * tileVectors }, () => builder.variable('sum', zero));
    builder.loop('term', { to: termBytes, step: BYTES }, (term) => {
      const at = builder.declare('at', add(load('i32', 'starts', term), position));
      const values = Array.from({ length: tileVectors }, (_, vector) =>
        builder.declare('value', load('f32x4', 'b', at, vector * vectorBytes)),
      );
      const rowWeights = Array.from({ length: tileRows }, (_, row) =>
        builder.declare('weight', loadSplat('a', add(weights, term), row * termBytes)),
      );
      const products = rowWeights.flatMap((weight) => values.map((value) => ({ weight, value })));
      products.forEach(({ weight, value }, index) => {
        const sum = sums[index];
        if (sum) builder.assign(sum, multiplyAdd(weight, value, sum));
      });
    });
    sums.forEach((sum, index) => {
      const [row, vector] = [Math.floor(index / tileVectors), index % tileVectors];
      builder.store('out', add(result, position), row * rowBytes + vector * vectorBytes, sum);
    });
  };

  groupsOfSpans(builder, spans, CHUNK, (offset, count, length) => {
    tilesOf(builder, 'row', { to: rows, tile: TILE.rows }, (row, tileRows) => {
      const weights = builder.declare('weights', multiply(row, integer(termBytes)));
      const result = builder.declare('result', multiply(row, integer(rowBytes)));
      builder.loop('span', { to: count * spanBytes, step: spanBytes }, (span) => {
        const start = builder.declare('start', add(offset, span));
        const vectors = { to: length / LANES, tile: TILE.vectors };
        tilesOf(builder, 'vector', vectors, (vector, tileVectors) => {
          const position = builder.declare('position', add(start, multiply(vector, integer(vectorBytes))));
          emitTile([tileRows, tileVectors], [weights, result], position);
        });
      });
    });
  });
  return builder.build(
    `sums_m${rows}_k${terms}_n${spans.count}x${spans.length}_step${spans.step}_row${rowStep}`,
    `${rows} weighted sums of ${terms} slices of ${spans.count} times ${spans.length} elements`,
  );
}
