import type { AssignedWeight } from '../prune-weights.ts';
import type { LatencyModel } from './latency-model.ts';
import { sampleKey, type LayerSample, type LayerShape, type WeightPruning } from './layer-sample.ts';

/** A weight, and how it is pruned; dense where that is absent. */
export interface WeightQuestion {
  readonly weight: Pick<AssignedWeight, 'uses'>;
  readonly pruning?: WeightPruning;
}

/**
 * Asks for the time of the layers that use a weight, summed over them; other weights of these layers are dense.
 *
 * @param shapes - Shapes of the layers by name.
 * @param seed - Of the random weights.
 * @returns Seconds in the order of the questions. Layers that are alike are asked about once.
 */
export async function askLatency(
  latency: LatencyModel,
  shapes: ReadonlyMap<string, LayerShape>,
  questions: readonly WeightQuestion[],
  seed: number,
  onProgress?: (done: number, total: number) => void,
): Promise<number[]> {
  const samples = new Map<string, LayerSample>();
  const keys = questions.map(({ weight, pruning }) =>
    weight.uses.flatMap(({ layer, input }) => {
      const shape = shapes.get(layer);
      if (!shape) return [];
      const sample = { layer, shape, pruned: new Map(pruning ? [[input, pruning]] : []), seed };
      const key = sampleKey(sample);
      if (!samples.has(key)) samples.set(key, sample);
      return [key];
    }),
  );
  const seconds = await latency.layers([...samples.values()], onProgress);
  const byKey = new Map([...samples.keys()].map((key, index) => [key, seconds[index] ?? NaN]));
  return keys.map((ofUses) => ofUses.reduce((sum, key) => sum + (byKey.get(key) ?? NaN), 0));
}
