import type { LatencyModel } from '@grim/prune';
import { estimatedLatency } from './estimated-latency.ts';
import { openLatencyCache } from './latency-cache.ts';
import { measuredLatency } from './measured-latency.ts';

/** Where latencies come from: counted from the code, or timed here. */
export type LatencyKind = 'estimate' | 'measured';

/** Which latencies a search uses. */
export interface LatencySettings {
  /** Where they come from (default `estimate`). */
  readonly latencyModel?: LatencyKind;
  /** File in which measured times are kept from one search to the next. */
  readonly latencyCache?: string;
  /** File with operators of the user's own. */
  readonly operators?: string;
}

/**
 * The model that settings name.
 *
 * @throws GrimError when the file of the cache is none.
 */
export async function openLatencyModel({
  latencyModel = 'estimate',
  latencyCache,
  operators,
}: LatencySettings): Promise<LatencyModel> {
  if (latencyModel === 'estimate') return estimatedLatency();
  return measuredLatency({
    ...(latencyCache !== undefined && { cache: await openLatencyCache(latencyCache) }),
    ...(operators !== undefined && { operators }),
  });
}
