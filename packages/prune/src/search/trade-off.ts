import { chooseRates, leastCost, networkCost, type RateChoice, type RateTarget } from './choose-rates.ts';
import type { Sensitivity } from './measure-sensitivity.ts';

/** Targets below the dense network, the last of which is the least that rates can reach. */
const steps = 24;

/**
 * The least error at each of several targets, equally far apart, from the dense network down to the least that the rates tried can reach.
 *
 * @param of - What there are targets of.
 * @returns Distinct choices, those that take most first; none where no rate gains anything.
 */
export function tradeOff(sensitivity: Sensitivity, of: RateTarget['of']): RateChoice[] {
  const [dense, least] = [networkCost(sensitivity, of), leastCost(sensitivity, of)];
  if (!(least < dense)) return [];
  const choices = new Map<string, RateChoice>();
  for (let step = 1; step <= steps; step++) {
    const choice = chooseRates(sensitivity, { of, atMost: dense - ((dense - least) * step) / steps });
    choices.set(JSON.stringify(choice.weights), choice);
  }
  return [...choices.values()];
}
