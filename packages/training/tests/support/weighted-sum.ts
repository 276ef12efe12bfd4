import { seededRandom } from '../../src/data/random.ts';
import type { Loss } from '../../src/index.ts';

/** A loss whose derivative by the outputs is any values from a seed: their sum with these weights, in double precision. */
export function weightedSum(seed: number): Loss<null> {
  return (outputs) => {
    const random = seededRandom(seed);
    let loss = 0;
    const derivatives = new Map<string, Float32Array>();
    for (const [name, { data }] of outputs) {
      const weights = Float32Array.from(data, () => random.next() * 2 - 1);
      derivatives.set(name, weights);
      data.forEach((value, index) => (loss += value * (weights[index] ?? 0)));
    }
    return { loss, derivatives };
  };
}
