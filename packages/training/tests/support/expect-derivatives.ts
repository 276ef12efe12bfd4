import { elementCount, evaluateGraph, type Graph } from '@grim/ir';
import { expect } from 'vitest';
import { withBatch } from '../../src/batch/with-batch.ts';
import { mixSeed, seededRandom } from '../../src/data/random.ts';
import { createTrainer, type BatchOptions, type GraphTrainer } from '../../src/index.ts';
import { randomValues } from './random-values.ts';
import { weightedSum } from './weighted-sum.ts';

/** Parameters that are moved one by one in each tensor: enough that a wrong row, column or gate shows. */
const sampled = 12;

/** Half of the distance of a central difference; the outputs are 32-bit floats, so a smaller one measures their rounding. */
const step = 2 ** -6;

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
      const moved = (by: number): number => {
        const values = data.slice();
        values[index] = (values[index] ?? 0) + by;
        return reference(new Map(batched.constants).set(name, { shape, data: values }));
      };
      const expected = (moved(step) - moved(-step)) / (2 * step);
      const actual = gradients.get(name)?.[index] ?? NaN;
      expect(Math.abs(actual - expected), `${name}[${index}]: ${actual}, not ${expected}`).toBeLessThan(
        2e-3 * (1 + Math.abs(expected)),
      );
    }
  }
  return trainer;
}
