import { memoryRead } from '../../measuring/memory-read.ts';
import { grimSide } from '../layers/grim-side.ts';
import { describeShape, type LayerShape } from '../layers/layer-shape.ts';
import { makeLayer } from '../layers/layer.ts';
import { onnxruntimeWebSide } from '../layers/onnxruntime-side.ts';
import { pruneWeights, rowsAndColumns } from '../layers/pruning.ts';
import { timeSides, type Timing } from '../layers/time-sides.ts';
import type { LimitRow } from './limit-row.ts';

/** Names the loop that reads what a layer reads. */
export const READING = 'reading as many bytes';

/**
 * A layer that reads every weight once, pruned and not, beside loops that read as many bytes and compute nothing: no layer can be
 * faster than its loop.
 */
export async function measureReading(shape: LayerShape, timing: Timing): Promise<LimitRow[]> {
  const layer = makeLayer('limits', shape);
  const dense = await grimSide(layer);
  const pruned = await grimSide(layer, pruneWeights(layer, rowsAndColumns[shape.kind]));
  const web = await onnxruntimeWebSide(layer);
  const denseBytes = dense.weightBytes ?? 0;
  const prunedBytes = pruned.weightBytes ?? 0;
  const sides = {
    pruned,
    pruned_read: await memoryRead(prunedBytes),
    dense,
    web,
    dense_read: await memoryRead(denseBytes),
  };
  const timed = await timeSides(sides, timing);
  await web.close?.();
  const row = (key: keyof typeof sides, side: string, bytes: number): LimitRow => ({
    kind: 'reading',
    shape: describeShape(shape),
    side,
    bytes,
    time_us: timed.sides[key].p50,
    gigabytes_per_second: bytes / timed.sides[key].p50 / 1000,
    peak_fraction: null,
    vs_ort_web: timed.ratio('web', key),
  });
  return [
    row('pruned', 'GRIM pruned', prunedBytes),
    row('pruned_read', READING, prunedBytes),
    row('dense', 'GRIM dense', denseBytes),
    row('web', 'onnxruntime-web', denseBytes),
    row('dense_read', READING, denseBytes),
  ];
}
