import type { BlockSearch, RateChoice, Sensitivity } from '@grim/prune';

/** What was searched, and the tables behind it. */
export interface SearchReport {
  /** Blocks that were looked at, and those chosen; `null` where they were given. */
  readonly blocks: BlockSearch | null;
  /** What each rate of each weight costs and saves; `null` where rates were given and nobody asked. */
  readonly sensitivity: Sensitivity | null;
  /** Rates chosen for a target; `null` where they were given. */
  readonly rates: RateChoice | null;
  /** Seconds of a run of the network, dense and as it was pruned. */
  readonly network: { readonly denseSeconds: number; readonly prunedSeconds: number };
  /** What a target of latency allows, and whether the pruned network keeps within it; `null` without one. */
  readonly latencyTarget: { readonly seconds: number; readonly reached: boolean } | null;
}
