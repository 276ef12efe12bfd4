import type { AssignedWeight } from '../prune-weights.ts';
import type { WeightUse } from '../selection/weight-use.ts';
import { joinMoments, type Moments } from './moments.ts';

/** Moments of a weight, band by band, over all layers that share it. */
export function momentsOf(
  uses: AssignedWeight['uses'],
  collected: ReadonlyMap<WeightUse, readonly Moments[]>,
): Moments[] {
  return joinBands(uses.map((use) => collected.get(use) ?? []));
}

/** Bands of several layers with the same weights, each over all layers. */
export function joinBands(perLayer: readonly (readonly Moments[])[]): Moments[] {
  return (perLayer[0] ?? []).flatMap((_, band) => {
    const parts = perLayer.flatMap((bands) => bands[band] ?? []);
    return joinMoments(parts) ?? [];
  });
}
