import type { AssignedWeight } from '../prune-weights.ts';
import type { WeightUse } from '../selection/weight-use.ts';
import { joinMoments, type Moments } from './moments.ts';

/** Moments of a weight, band by band, over all layers that share it. */
export function momentsOf(
  uses: AssignedWeight['uses'],
  collected: ReadonlyMap<WeightUse, readonly Moments[]>,
): Moments[] {
  const perUse = uses.map((use) => collected.get(use) ?? []);
  return (perUse[0] ?? []).flatMap((_, band) => {
    const parts = perUse.flatMap((bands) => bands[band] ?? []);
    return joinMoments(parts) ?? [];
  });
}
