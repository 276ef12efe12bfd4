import { BeyondReachError } from '@grim/bcr';
import { GrimError } from '@grim/ir';
import type { AssignedWeight } from '../prune-weights.ts';
import { chooseWithin } from '../search/choose-within.ts';
import { refuseAs } from '../selection/refuse-as.ts';
import { weightName } from '../selection/weight-use.ts';
import type { Reconstructor } from './reconstructor.ts';

/** A rate of a weight, the cells that it keeps then, and the relative error that this costs. */
interface RateChoice {
  readonly rate: number;
  readonly cost: number;
  readonly loss: number;
}

/** Rates that are tried: four between a rate and its double. */
const ratesPerOctave = 4;
const octaves = 6;

/**
 * Shares out one rate among weights so that their relative errors, found at some rates by reconstruction, add up to least.
 *
 * @param weights - The weights, each with what reconstructs it.
 * @param rate - Cells of all of them divided by cells kept, at least.
 * @returns The rate of each weight, 1 for those that stay whole.
 * @throws `GrimError` when the weights cannot be pruned that far together, or naming the layer whose weights are not finite.
 */
export function spreadRates(
  weights: ReadonlyMap<AssignedWeight, Reconstructor>,
  rate: number,
): Map<AssignedWeight, number> {
  const choices = new Map(
    [...weights].map(([weight, reconstruct]) => [
      weight,
      refuseAs(weightName(weight.uses[0]), () => choicesOf(weight, reconstruct)),
    ]),
  );
  const cells = [...weights.keys()].reduce((sum, weight) => sum + cellsOf(weight), 0);
  const chosen = chooseWithin([...choices.values()], cells / rate);
  if (!chosen) {
    const least = [...choices.values()].reduce((sum, each) => sum + (each.at(-1)?.cost ?? 0), 0);
    throw new GrimError(
      `a rate of ${rate} for all weights together is beyond what they allow, ${(cells / least).toFixed(1)}`,
    );
  }
  return new Map(
    [...choices].map(([weight, each], index) => [weight, each[chosen.choices[index] ?? 0]?.rate ?? 1]),
  );
}

function cellsOf({ matrix }: AssignedWeight): number {
  return matrix.rows * matrix.columns;
}

/** Errors from a rate of 1 up to the greatest that the blocks allow. */
function choicesOf(weight: AssignedWeight, reconstruct: Reconstructor): RateChoice[] {
  const { assignment } = weight;
  const cells = cellsOf(weight);
  const choices: RateChoice[] = [{ rate: 1, cost: cells, loss: 0 }];
  for (let step = 1; step <= octaves * ratesPerOctave; step++) {
    const rate = 2 ** (step / ratesPerOctave);
    try {
      const { keptCells, relativeError } = reconstruct({
        ...assignment,
        projection: { ...assignment.projection, rate },
      });
      choices.push({ rate, cost: keptCells, loss: relativeError });
    } catch (error) {
      if (error instanceof BeyondReachError) break;
      throw error;
    }
  }
  return choices;
}
