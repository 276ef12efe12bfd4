export { pruneByMagnitude, type PrunedGraph } from './magnitude/prune-by-magnitude.ts';
export type { BlockSize, MagnitudePruneOptions } from './magnitude/magnitude-prune-options.ts';
export type { PerLayer } from './selection/per-layer.ts';
export type {
  DenseWeightReport,
  PruneReport,
  PrunedWeightReport,
  WeightReport,
  WeightReportBase,
} from './prune-report.ts';
