import type { Side } from '@grim/tools/measure-interleaved';
import type { Row } from '../../results/benchmark-result.ts';
import type { LayerPeaks } from './layer-peaks.ts';
import { describeShape } from './layer-shape.ts';
import { layerRow } from './layer-row.ts';
import { layerSideKeys, layerSides, type LayerSide, type LayerSideKey } from './layer-sides.ts';
import type { Layer } from './layer.ts';
import type { PreparedSide } from './prepared-side.ts';
import { requireAgreement } from './require-agreement.ts';
import { timeSides, type Timing } from './time-sides.ts';

/**
 * Times every side that a layer has, by turns with loops of nothing but multiply-adds.
 *
 * @param keys - The sides that are wanted.
 */
export async function measureLayer(
  layer: Layer,
  peaks: LayerPeaks,
  timing: Timing,
  keys: readonly LayerSideKey[] = layerSideKeys,
): Promise<Row[]> {
  const prepared = new Map<string, PreparedSide>();
  try {
    for (const key of keys) {
      const ready = await layerSides[key].prepare(layer);
      if (ready) prepared.set(key, ready);
    }
    checkAgreement(layer, prepared);
    const isModel = (key: string): boolean => Boolean((layerSides[key as LayerSideKey] as LayerSide).isModel);
    const part = (wanted: boolean): Map<string, PreparedSide> =>
      new Map([...prepared].filter(([key]) => isModel(key) === wanted));
    // Models run by themselves: threads that sleep while other engines run would be timed as they wake up.
    return [
      ...(await timeLayer(layer, part(false), peaks, timing)),
      ...(await timeLayer(layer, part(true), peaks, timing)),
    ];
  } finally {
    for (const side of prepared.values()) await side.close?.();
  }
}

function checkAgreement(layer: Layer, prepared: ReadonlyMap<string, PreparedSide>): void {
  for (const [key, { agreesWith = '' }] of Object.entries<LayerSide>(layerSides)) {
    const side = prepared.get(key);
    const other = prepared.get(agreesWith);
    if (side && other) {
      requireAgreement(`${layer.model} ${layer.shape.name}, ${key}`, side.output, other.output);
    }
  }
}

async function timeLayer(
  layer: Layer,
  prepared: ReadonlyMap<string, PreparedSide>,
  peaks: LayerPeaks,
  timing: Timing,
): Promise<Row[]> {
  if (prepared.size === 0) return [];
  const timed: Record<string, Side> = { ...Object.fromEntries(prepared), ...peaks };
  const { sides, ratio } = await timeSides(timed, timing);
  /** How many times as fast `key` is as `baseline`. */
  const speedup = (key: string, baseline: string | undefined): number | undefined =>
    baseline !== undefined && prepared.has(baseline) ? 1 / ratio(key, baseline) : undefined;

  return [...prepared].map(([key, side]) => {
    const { title, csr, oneThread, isRelaxed }: LayerSide = layerSides[key as LayerSideKey];
    const time = sides[key]?.p50 ?? Number.NaN;
    const ratios = {
      vs_dense: speedup(key, 'dense'),
      vs_csr: speedup(key, csr),
      vs_csr_unrolled: csr === 'csr' ? speedup(key, 'csr_unrolled') : undefined,
      vs_one_thread: speedup(key, oneThread),
      vs_ort_web: speedup(key, 'web'),
      vs_ort_node: speedup(key, 'node'),
    };
    const peakKey = isRelaxed && peaks.relaxedPeak ? 'relaxedPeak' : 'peak';
    const peakMacs = (peaks[peakKey] ?? peaks.peak).macs;
    return layerRow({
      kind: `${layer.model}-${key}`,
      layer: layer.shape.name,
      shape: describeShape(layer.shape),
      side: title,
      time_us: time,
      useful_gmacs: side.macs / time / 1000,
      dense_gmacs: layer.macs / time / 1000,
      peak_fraction: side.macs / peakMacs / ratio(key, peakKey),
      ...Object.fromEntries(Object.entries(ratios).filter(([, value]) => value !== undefined)),
      ...(side.padding !== undefined && { padding: side.padding }),
      ...(side.path !== undefined && { path: side.path }),
    });
  });
}
