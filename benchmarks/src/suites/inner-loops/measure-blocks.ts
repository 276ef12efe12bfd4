import { blockLoop } from '../../measuring/block-loop.ts';
import { memoryRead } from '../../measuring/memory-read.ts';
import { multiplyAddPeak } from '../../measuring/multiply-add-peak.ts';
import { csrProduct } from '../layers/csr-side.ts';
import { grimSide } from '../layers/grim-side.ts';
import { describeShape, type LinearShape } from '../layers/layer-shape.ts';
import { makeLayer } from '../layers/layer.ts';
import { pruneWeights, rowsAndColumns } from '../layers/pruning.ts';
import { timeSides, type Timing } from '../layers/time-sides.ts';
import { MULTIPLYING } from '../limits/measure-growth.ts';
import type { InnerLoopRow } from './inner-loop-row.ts';

/** Names the loop that leaves out of a product how inputs are found. */
export const ADDING = 'multiplying by one number, adding to rows';

/** A product with a vector, pruned 10× in blocks of some width, beside loops that leave parts of it out. */
export async function measureBlocks(
  shape: LinearShape,
  blockColumns: number,
  timing: Timing,
): Promise<InnerLoopRow[]> {
  const layer = makeLayer('inner-loops', shape);
  const pruning = { ...rowsAndColumns.linear, blockColumns };
  const weights = pruneWeights(layer, pruning);
  const pruned = await grimSide(layer, weights);
  const csr = await csrProduct(layer, weights, { accumulators: 1 });
  const { blockRows, rowRate } = pruning;
  const rows = blockRows / rowRate;
  const blocks = (shape.rows / blockRows) * (shape.columns / blockColumns);
  const { macs } = pruned;
  const sides = {
    peak: await multiplyAddPeak(),
    'GRIM pruned': pruned,
    CSR: csr,
    [ADDING]: await blockLoop({
      blocks,
      rows,
      columns: Math.round(macs / blocks / rows),
      matrixRows: shape.rows,
    }),
    [MULTIPLYING]: { ...(await memoryRead(macs * 4, 'multiply-add')), macs },
  };
  const timed = await timeSides<string>(sides, timing);
  return Object.entries(sides)
    .filter(([side]) => side !== 'peak')
    .map(([side, { macs: products }]) => {
      const time = timed.sides[side]?.p50 ?? Number.NaN;
      return {
        kind: 'blocks',
        shape: `${describeShape(shape)}, blocks of ${blockRows}×${blockColumns}`,
        side,
        time_us: time,
        useful_gmacs: products / time / 1000,
        peak_fraction: products / sides.peak.macs / timed.ratio(side, 'peak'),
        vs_csr: products / csr.macs / timed.ratio(side, 'CSR'),
      };
    });
}
