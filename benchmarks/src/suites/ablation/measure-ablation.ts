import type { Row } from '../../results/benchmark-result.ts';
import { describeShape } from '../layers/layer-shape.ts';
import type { Layer } from '../layers/layer.ts';
import type { PreparedSide } from '../layers/prepared-side.ts';
import { isPrunable, pruneWeights, rowsAndColumns } from '../layers/pruning.ts';
import { requireAgreement } from '../layers/require-agreement.ts';
import { timeSides, type Timing } from '../layers/time-sides.ts';
import { complete, variantsOf } from './variants.ts';

/** Times the variants of a layer by turns; no rows for layers that are not taken apart. */
export async function measureAblation(layer: Layer, timing: Timing): Promise<Row[]> {
  const variants = variantsOf(layer);
  if (!variants || !isPrunable(layer)) return [];
  const weights = pruneWeights(layer, rowsAndColumns[layer.shape.kind]);
  const prepared: Record<string, PreparedSide> = {};
  for (const [key, variant] of Object.entries(variants)) {
    prepared[key] = await variant.prepare(layer, weights);
  }
  const expected = prepared['none'];
  for (const [key, { output }] of Object.entries(prepared)) {
    if (expected) requireAgreement(`${layer.model} ${layer.shape.name}, ${key}`, output, expected.output);
  }
  const { sides, ratio } = await timeSides(prepared, timing);

  let before = 'none';
  return Object.entries(variants).map(([key, { title, adds, lacks }]): Row => {
    const side = prepared[key];
    const time = sides[key]?.p50 ?? Number.NaN;
    const gain = adds ? ratio(before, key) : null;
    if (adds) before = key;
    return {
      kind: layer.model,
      layer: layer.shape.name,
      shape: describeShape(layer.shape),
      variant: title,
      adds: adds ?? null,
      lacks: lacks ?? null,
      time_us: time,
      useful_gmacs: (side?.macs ?? Number.NaN) / time / 1000,
      gain,
      loss: lacks ? ratio(key, complete) : null,
      padding: side?.padding ?? null,
      weight_bytes: side?.weightBytes ?? null,
    };
  });
}
