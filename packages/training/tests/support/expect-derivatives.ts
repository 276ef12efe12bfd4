import { elementCount, evaluateGraph, type Graph } from '@grim/ir';
import { expect } from 'vitest';
import { withBatch } from '../../src/batch/with-batch.ts';
import { mixSeed, seededRandom } from '../../src/data/random.ts';
import { createTrainer, type BatchOptions, type GraphTrainer } from '../../src/index.ts';
import { randomValues } from './random-values.ts';
import { weightedSum } from './weighted-sum.ts';

/** Parameters that are moved one by one in each tensor: enough that a wrong row, column or gate shows. */
const sampled = 12;

/** Half of the distance of a central difference; the outputs are 32-bit floats, so a much smaller one measures their rounding. */
const step = 2 ** -8;

/** The same where a maximum changes hands within that distance, and what slopes over it may be off by for rounding. */
const nearStep = 2 ** -12;
const nearTolerance = 2e-2;

/**
 * Compares a trainer with the reference implementation: the outputs of a batch, and the derivatives of a random weighted sum of
 * them with central differences of the reference.
 *
 * @param graph - The network.
 * @param batch - How it is trained.
 * @param seed - Of the inputs, the weights of the sum and the parameters that are moved.
 */
export async function expectDerivatives(
  graph: Graph,
  batch: BatchOptions,
  seed: number,
): Promise<GraphTrainer<null>> {
  const loss = weightedSum(seed);
  const trainer = await createTrainer(graph, { batch, loss });
  const { graph: batched } = withBatch(graph, batch);
  const inputs = Object.fromEntries(
    batched.inputs.map(({ name, shape }, index) => [
      name,
      randomValues(elementCount(shape), mixSeed(seed, 100 + index)),
    ]),
  );
  const reference = (constants: Graph['constants']): number => {
    const { outputs } = evaluateGraph({ ...batched, constants }, { inputs });
    return loss(
      new Map(Object.entries(outputs).map(([name, data]) => [name, { shape: [data.length], data }])),
      null,
    ).loss;
  };
  const { loss: value, gradients } = await trainer.lossAndGradients({ inputs, target: null });
  expect(value).toBeCloseTo(reference(batched.constants), 3);
  expect([...gradients.keys()]).toEqual([...trainer.parameters.keys()]);
  const random = seededRandom(seed);
  for (const [name, { shape, data }] of trainer.parameters) {
    for (let sample = 0; sample < Math.min(sampled, data.length); sample++) {
      const index = data.length <= sampled ? sample : random.below(data.length);
      const moved = (by: number): readonly [number, number] => {
        const values = data.slice();
        values[index] = (values[index] ?? 0) + by;
        const sum = reference(new Map(batched.constants).set(name, { shape, data: values }));
        return [values[index] ?? 0, sum];
      };
      const slope = ([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): number =>
        (y1 - y0) / (x1 - x0);
      const [below, here, above] = [moved(-step), moved(0), moved(step)];
      const expected = slope(below, above);
      const actual = gradients.get(name)?.[index] ?? NaN;
      const tolerance = 3e-3 * (1 + Math.abs(expected));
      const sides = [slope(below, here), slope(here, above)];
      // Where a maximum changes hands between the two points, any slope between those of its sides is one; it may do so more than once.
      // Sides that are nearer to each other than this have no slope between them that is too far from `expected`.
      const isKink = Math.max(...sides) - Math.min(...sides) > 2 * tolerance;
      const near = (): number[] => [slope(moved(-nearStep), here), slope(here, moved(nearStep))];
      const isRight = isKink
        ? isBetween(actual, sides, tolerance) ||
          isBetween(actual, near(), nearTolerance * (1 + Math.abs(expected)))
        : Math.abs(actual - expected) < tolerance;
      expect(isRight, `${name}[${index}]: ${actual}, not ${expected} (${sides.join(' and ')})`).toBe(true);
    }
  }
  return trainer;
}

function isBetween(value: number, ends: readonly number[], tolerance: number): boolean {
  return value > Math.min(...ends) - tolerance && value < Math.max(...ends) + tolerance;
}
