import { memoryRead } from '../../measuring/memory-read.ts';
import { multiplyAddPeak } from '../../measuring/multiply-add-peak.ts';
import { csrConvolution, csrProduct } from '../layers/csr-side.ts';
import { grimSide } from '../layers/grim-side.ts';
import { describeShape, type LayerShape } from '../layers/layer-shape.ts';
import { makeLayer } from '../layers/layer.ts';
import type { PreparedSide } from '../layers/prepared-side.ts';
import { pruneWeights, rowsAndColumns } from '../layers/pruning.ts';
import { timeSides, type Timing } from '../layers/time-sides.ts';
import type { LimitRow } from './limit-row.ts';

/** Names the loop that does with weights what a product does, but for finding inputs and rows. */
export const MULTIPLYING = 'multiplying as many weights by one number';

/**
 * One layer in sizes that differ in nothing but how much memory they take: what the smallest loses against the peak is lost in the
 * kernel, the rest by caches.
 */
export async function measureGrowth(
  kind: 'product' | 'image',
  shapes: readonly LayerShape[],
  timing: Timing,
): Promise<LimitRow[]> {
  const rows: LimitRow[] = [];
  for (const shape of shapes) {
    const layer = makeLayer('limits', shape);
    const weights = pruneWeights(layer, rowsAndColumns[shape.kind]);
    const peak = await multiplyAddPeak();
    const pruned = await grimSide(layer, weights);
    const prepared: Record<string, PreparedSide> = { 'GRIM pruned': pruned };
    if (shape.kind === 'conv') prepared['CSR'] = await csrConvolution(layer, weights);
    if (shape.kind === 'linear') {
      prepared['CSR'] = await csrProduct(layer, weights, { accumulators: 1 });
      const loop = await memoryRead(pruned.macs * 4, 'multiply-add');
      prepared[MULTIPLYING] = { ...pruned, ...loop, weightBytes: loop.bytes };
    }
    const { sides, ratio } = await timeSides<string>({ ...prepared, peak }, timing);
    for (const [side, { macs, weightBytes = 0, output }] of Object.entries(prepared)) {
      const values = layer.inputs.reduce((sum, input) => sum + input.values.byteLength, output.byteLength);
      const bytes = weightBytes + values;
      const time = sides[side]?.p50 ?? Number.NaN;
      rows.push({
        kind,
        shape: describeShape(shape),
        side,
        bytes,
        time_us: time,
        gigabytes_per_second: bytes / time / 1000,
        peak_fraction: macs / peak.macs / ratio(side, 'peak'),
        vs_ort_web: null,
      });
    }
  }
  return rows;
}
