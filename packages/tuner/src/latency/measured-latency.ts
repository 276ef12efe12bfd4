import { createHash } from 'node:crypto';
import { sampleKey, sampleNetwork, type LatencyModel, type LayerSample } from '@grim/prune';
import { environment } from '../bench/environment.ts';
import { version } from '../version.ts';
import { memoryCache, type LatencyCache } from './latency-cache.ts';
import { timeNetworks } from './time-networks.ts';

/** How {@link measuredLatency} measures. */
export interface MeasuredLatencyOptions {
  /** Where times are kept; in memory when absent. */
  readonly cache?: LatencyCache;
  /** File with operators of the user's own, for whole networks that call them. */
  readonly operators?: string;
}

/** Layers that are timed by turns: enough for all blocks of one weight, few enough to be in memory together. */
const layersTogether = 32;

/** WebAssembly features of the code: that which computes the same bits on every engine. */
const features = ['simd128'];

/**
 * A {@link LatencyModel} that compiles layers and networks to WebAssembly and times them on one thread of this process:
 * medians, those of one call by turns. Layers are asked for again and again, so their times are kept; a time counts
 * only where everything that it depends on is the same: the layer and its mask, the version of this package, the
 * processor, Node.js, V8 and the operating system.
 */
export function measuredLatency({
  cache = memoryCache(),
  operators,
}: MeasuredLatencyOptions = {}): LatencyModel {
  const machine = environment(features);
  const keyOf = (sample: LayerSample): string =>
    createHash('sha256')
      .update(JSON.stringify([version, machine, sampleKey(sample)]))
      .digest('hex');
  return {
    source: {
      kind: 'measurement',
      device: `${machine.cpu}, ${machine.platform}, Node.js ${machine.node}`,
      features,
    },
    layers: async (samples, onProgress) => {
      const keyed = samples.map((sample) => ({ sample, key: keyOf(sample) }));
      const missing = keyed.filter(({ key }) => cache.get(key) === undefined);
      for (let first = 0; first < missing.length; first += layersTogether) {
        onProgress?.(samples.length - missing.length + first, samples.length);
        const part = missing.slice(first, first + layersTogether);
        const seconds = await timeNetworks(
          // A copy is none of the layer: in a network the layer before writes where it reads.
          part.map(({ sample }) => ({ graph: sampleNetwork(sample), counts: (path) => path !== 'copy' })),
        );
        await cache.add(new Map(part.map(({ key }, index) => [key, seconds[index] ?? NaN])));
      }
      onProgress?.(samples.length, samples.length);
      return keyed.map(({ key }) => cache.get(key) ?? NaN);
    },
    networks: (graphs) =>
      timeNetworks(
        graphs.map((graph) => ({ graph, counts: () => true })),
        operators,
      ),
  };
}
