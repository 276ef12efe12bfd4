import type { LatencyModel, LayerSample } from '../src/index.ts';

/** A latency model that tells what it was asked. Weights cost by what is kept of them, and by the number of their blocks. */
export function fakeLatency(): {
  readonly latency: LatencyModel;
  readonly asked: LayerSample[];
  readonly seconds: (sample: LayerSample) => number;
} {
  const asked: LayerSample[] = [];
  const seconds = ({ shape, pruned }: LayerSample): number => {
    let sum = 1;
    for (const input of shape.constants) {
      const [rows = 1, ...rest] = shape.inputShapes[input] ?? [];
      const columns = rest.reduce((product, extent) => product * extent, 1);
      const pruning = pruned.get(input);
      if (!pruning) sum += rows * columns;
      else {
        const { blockRows, blockColumns } = pruning.grid;
        const blocks = Math.ceil(rows / blockRows) * Math.ceil(columns / blockColumns);
        sum += (rows * columns) / pruning.projection.rate + 9 * blocks + rows / blockRows;
      }
    }
    return sum / 1e6;
  };
  return {
    asked,
    seconds,
    latency: {
      source: { kind: 'estimate', device: 'imaginary', features: [] },
      layers: (samples, onProgress) => {
        asked.push(...samples);
        onProgress?.(samples.length, samples.length);
        return Promise.resolve(samples.map(seconds));
      },
      networks: (graphs) => Promise.resolve(graphs.map(() => 0.005)),
    },
  };
}
