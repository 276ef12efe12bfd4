import type { Graph } from '@grim/ir';
import type { LayerSample } from './layer-sample.ts';

/** What the seconds of a {@link LatencyModel} are. */
export interface LatencySource {
  /** Counted from the code and rates of a machine, or timed on it. */
  readonly kind: 'estimate' | 'measurement';
  /** The machine, in words. */
  readonly device: string;
  /** Features of it that the code uses, such as WebAssembly `simd128`. */
  readonly features: readonly string[];
}

/** Tells how long layers and networks take. The search asks it and knows nothing of code generation. */
export interface LatencyModel {
  readonly source: LatencySource;
  /**
   * Seconds of one run of each layer, in the order of the samples. Those of one call can be compared with each other best.
   *
   * @param onProgress - Told how many are done.
   * @throws GrimError naming the layer when it cannot be compiled.
   */
  readonly layers: (
    samples: readonly LayerSample[],
    onProgress?: (done: number, total: number) => void,
  ) => Promise<readonly number[]>;
  /**
   * Seconds of one run of each network, pruned as its `weights` say. Those of one call can be compared with each other best.
   *
   * @throws GrimError when one cannot be compiled.
   */
  readonly networks: (graphs: readonly Graph[]) => Promise<readonly number[]>;
}
