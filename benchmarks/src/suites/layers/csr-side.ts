import type { ScheduleRecord } from '@grim/ir';
import { csrSpmv, lowerKernel, packCsrSpmv, type CsrSpmvSchedule } from '@grim/kernels';
import { instantiateKernel } from '../../measuring/instantiate-kernel.ts';
import { grimSide } from './grim-side.ts';
import { usefulMacs, type Layer, type LayerWeight } from './layer.ts';
import type { PreparedSide } from './prepared-side.ts';
import { quickest } from './quickest.ts';

/** Rows of pixels that one row of weights is applied to before the next. */
const blockHeights = [2, 4, 16] as const;

/** A tile of pixels of one row of the matrix. */
interface Tile {
  readonly pixelVectors: number;
  readonly tileRows: number;
}

const tiles: readonly Tile[] = [
  ...[1, 2, 3, 4, 7, 8].map((pixelVectors) => ({ pixelVectors, tileRows: 1 })),
  ...[1, 2, 4].map((pixelVectors) => ({ pixelVectors, tileRows: 2 })),
];

/**
 * A convolution with one column list per row, as compressed sparse rows have it: the same kernel family, without im2col, rows
 * one at a time, with the tile of pixels and then the cache block that run quickest, inputs copied to panels or read in place.
 */
export async function csrConvolution(layer: Layer, weights: readonly LayerWeight[]): Promise<PreparedSide> {
  const compile = async (
    tile: Tile,
    blockHeight: number,
    choices: ScheduleRecord = {},
  ): Promise<PreparedSide & { tile: Tile }> => {
    const schedule = { groupRows: 1, blockHeight, ...tile, ...choices };
    return { ...(await grimSide(layer, weights, { schedule })), tile };
  };
  const tiled = await Promise.all(tiles.map((tile) => compile(tile, 4)));
  const { tile } = await quickest(tiled);
  return quickest(
    await Promise.all(
      blockHeights.flatMap((blockHeight) => [
        compile(tile, blockHeight),
        compile(tile, blockHeight, { panelChannels: 0, loopOrder: 'rows' }),
      ]),
    ),
  );
}

/** A product with a vector in compressed sparse rows. */
export async function csrProduct(
  layer: Layer,
  weights: readonly LayerWeight[],
  schedule: CsrSpmvSchedule,
): Promise<PreparedSide> {
  const [weight] = weights;
  const [input] = layer.inputs;
  if (!weight || !input) throw new TypeError(`${layer.shape.name} has no weight`);
  const packed = packCsrSpmv(weight.matrix);
  const kernel = lowerKernel(csrSpmv, packed.problem, schedule);
  const { values, columns, rowStarts } = packed;
  const output = new Float32Array(weight.matrix.rows);
  const { run, read } = await instantiateKernel(kernel, {
    input: input.values,
    values,
    columns,
    rowStarts,
    output,
  });
  run();
  return {
    run,
    macs: usefulMacs(weights),
    padding: 1,
    weightBytes: values.byteLength + columns.byteLength + rowStarts.byteLength,
    path: `compressed sparse rows, ${packed.problem.index}, ${schedule.accumulators} sum(s) per row`,
    output: read('output'),
  };
}
