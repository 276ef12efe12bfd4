import type { RateTarget } from '@grim/prune';
import type { LatencySettings } from '../latency/open-latency-model.ts';

/** What is searched rather than given, and by which latencies. */
export interface SearchSettings extends Pick<LatencySettings, 'latencyCache' | 'latencyModel'> {
  /** What the pruned network may take: rates are chosen for it. In place of `rate`. */
  readonly target?: RateTarget;
  /** With blocks `auto`: how much longer than in the coarsest blocks a layer may take, as a factor (default 1.1). */
  readonly slowdown?: number;
  /** File to write with the error, latency, bytes and multiply-adds of every weight at every rate. */
  readonly sensitivity?: string;
  /**
   * Folder to write plots to: the mask of every pruned weight and, where there is a target or a file for the sensitivity, errors
   * against rates and against latency.
   */
  readonly plots?: string;
}
