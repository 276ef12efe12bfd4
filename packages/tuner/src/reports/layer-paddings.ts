import type { CallReport } from './call-report.ts';

/** How much of what a layer multiplies with is padding. */
export interface LayerPadding {
  readonly layer: string;
  /** Weights that its calls multiply with over those that are not zero. */
  readonly padding: number;
}

/** The padding of every layer that has weights, in the order they run. */
export function layerPaddings(calls: readonly Pick<CallReport, 'layer' | 'padding'>[]): LayerPadding[] {
  const byLayer = new Map<string, number>();
  for (const { layer, padding } of calls) if (padding !== null) byLayer.set(layer, padding);
  return [...byLayer].map(([layer, padding]) => ({ layer, padding }));
}
