import { GrimError, type Graph } from '@grim/ir';
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
 * @throws `GrimError` naming the layer that the model gives no time for.
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
  const asked = [...samples.values()];
  const seconds = await latency.layers(asked, onProgress);
  checkSeconds(
    latency,
    seconds,
    asked.map(({ layer }) => layer),
  );
  const byKey = new Map([...samples.keys()].map((key, index) => [key, seconds[index] ?? NaN]));
  return keys.map((ofUses) => ofUses.reduce((sum, key) => sum + (byKey.get(key) ?? NaN), 0));
}

/**
 * Asks for the time of networks.
 *
 * @returns Seconds in their order.
 * @throws `GrimError` when the model gives no time for one.
 */
export async function askNetworks(
  latency: LatencyModel,
  graphs: readonly Graph[],
): Promise<readonly number[]> {
  const seconds = await latency.networks(graphs);
  checkSeconds(
    latency,
    seconds,
    graphs.map(({ name }) => name),
  );
  return seconds;
}

/** A search must not be led by answers that are none. */
function checkSeconds({ source }: LatencyModel, seconds: readonly number[], names: readonly string[]): void {
  if (seconds.length !== names.length) {
    throw new GrimError(
      `the latency model of ${source.device} gave ${seconds.length} times, asked for ${names.length}`,
    );
  }
  for (const [index, layer] of names.entries()) {
    const answer = seconds[index] ?? NaN;
    if (Number.isFinite(answer) && answer > 0) continue;
    throw new GrimError(
      `the latency model of ${source.device} says that it takes ${answer} seconds, expected a number above 0`,
      { layer },
    );
  }
}
