import { chooseRates, type RateChoice, type RateTarget } from './choose-rates.ts';
import type { Sensitivity } from './measure-sensitivity.ts';
import { GrimError } from '@grim/ir';

/** Targets between the dense network and the least that rates can reach. */
const steps = 24;

/**
 * The least error at each of several targets, from the dense network down to the least that the rates tried can reach.
 *
 * @param of - What there are targets of.
 * @returns Distinct choices, those that take most first; none where no rate gains anything.
 */
export function tradeOff(sensitivity: Sensitivity, of: RateTarget['of']): RateChoice[] {
  const choices = new Map<string, RateChoice>();
  for (let step = 1; step < steps; step++) {
    try {
      const choice = chooseRates(sensitivity, { of, atMost: 1 - step / steps, isShare: true });
      choices.set(JSON.stringify(choice.weights), choice);
    } catch (error) {
      // Targets below the least that there is.
      if (error instanceof GrimError) break;
      throw error;
    }
  }
  return [...choices.values()];
}
