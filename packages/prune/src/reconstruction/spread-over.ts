import type { Graph } from '@grim/ir';
import type { AssignedWeight, Selection } from '../prune-weights.ts';
import type { WeightUse } from '../selection/weight-use.ts';
import { reconstructorOf, type LayerSettings, type UseMoments } from './prune-layers.ts';
import { spreadRates } from './spread-rates.ts';

/** Shares one rate out among weights by what they multiply in the dense network. */
export function spreadOver(
  graph: Graph,
  assigned: readonly AssignedWeight[],
  moments: UseMoments,
  settings: LayerSettings,
  rate: number,
): Map<AssignedWeight, number> {
  const reconstructors = assigned.map(
    (weight) => [weight, reconstructorOf(graph, weight, moments, settings)] as const,
  );
  return spreadRates(new Map(reconstructors), rate);
}

/** A selection with other rates; weights with a rate of 1 stay dense. */
export function withRates(
  { uses, assigned, reasons }: Selection,
  rates: ReadonlyMap<AssignedWeight, number>,
): Selection {
  const whole = new Map<WeightUse, string>(reasons);
  const changed = assigned.flatMap((weight): AssignedWeight[] => {
    const rate = rates.get(weight) ?? 1;
    if (rate === 1) {
      for (const use of weight.uses) whole.set(use, 'no part of it can be spared at the rate of the model');
      return [];
    }
    const { assignment } = weight;
    return [{ ...weight, assignment: { ...assignment, projection: { ...assignment.projection, rate } } }];
  });
  return { uses, assigned: changed, reasons: whole };
}
