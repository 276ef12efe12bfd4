import type { Row } from '../../results/benchmark-result.ts';
import { grimSide } from './grim-side.ts';
import { layerRow } from './layer-row.ts';
import { describeShape, type ConvShape } from './layer-shape.ts';
import { makeLayer } from './layer.ts';
import type { PreparedSide } from './prepared-side.ts';
import { pruneWeights, type Pruning } from './pruning.ts';
import { timeSides, type Timing } from './time-sides.ts';

/** Widths that no tile divides. */
const widths = [27, 29, 31, 57, 113] as const;

/** Pixels of a tile. */
const TILE = 16;

/** The multiple of the tile nearest to a width. */
export const neighbourOf = (width: number): number => Math.round(width / TILE) * TILE;

const pruning: Pruning = { blockRows: 8, blockColumns: 32, rowRate: 2, columnRate: 4 };

const shapeOf = (width: number): ConvShape => ({
  kind: 'conv',
  name: `width ${width}`,
  inputs: 128,
  outputs: 128,
  kernel: 3,
  stride: 1,
  size: [28, width],
});

/** What widths cost that are no multiple of a tile, per multiply-add, against the nearest multiple. */
export async function measureTails(timing: Timing): Promise<Row[]> {
  const sides: Record<string, PreparedSide> = {};
  for (const width of new Set(widths.flatMap((width) => [width, neighbourOf(width)]))) {
    const layer = makeLayer('tails', shapeOf(width));
    sides[String(width)] = await grimSide(layer, pruneWeights(layer, pruning));
  }
  const timings = await timeSides(sides, timing);
  return widths.map((width) => {
    const neighbour = neighbourOf(width);
    const time = timings.sides[String(width)]?.p50 ?? Number.NaN;
    return layerRow({
      kind: 'tails',
      layer: `${width} beside ${neighbour}`,
      shape: describeShape(shapeOf(width)),
      side: 'GRIM pruned, rows and columns',
      time_us: time,
      useful_gmacs: (sides[String(width)]?.macs ?? Number.NaN) / time / 1000,
      tail_penalty: timings.ratio(String(width), String(neighbour)) / (width / neighbour) - 1,
    });
  });
}
