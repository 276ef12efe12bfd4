export type { PrunedGraph } from './prune-weights.ts';
export type { LossAndGradients, Trainer } from './training/trainer.ts';
export type { TrainingBatches } from './training/training-batches.ts';
export type {
  RunOptions,
  TrainingPhase,
  TrainingProgress,
  TrainingPruneOptions,
} from './training/training-options.ts';
export type { LearningRate } from './training/learning-rate.ts';
export type { Pattern } from './training/projection.ts';
export type { TrainingState } from './training/training-state.ts';
export type { ElementMasks, TraceEntry, TrainedPruning, WeightMeasures } from './training/trained-pruning.ts';
export type { TrainedPruneReport, UnstructuredWeightReport } from './training/unstructured-report.ts';
export type { AdaptivePenalty, Attraction, StagedPenalty } from './training/admm-penalty.ts';
export { pruneByAdmm, type AdmmOptions } from './training/prune-by-admm.ts';
export { pruneByReweighting, type ReweightingOptions } from './training/prune-by-reweighting.ts';
export { pruneGradually, type GradualOptions } from './training/prune-gradually.ts';
export { retrain, type Pruned, type RetrainOptions } from './training/retrain.ts';
export { pruneByMagnitude } from './magnitude/prune-by-magnitude.ts';
export {
  pruneByReconstruction,
  type ReconstructionOptions,
} from './reconstruction/prune-by-reconstruction.ts';
export type { CalibrationEvaluator, CreateEvaluator } from './reconstruction/evaluator.ts';
export type { CalibrationSequence } from './reconstruction/collect-moments.ts';
export type { BlockSize, PruneOptions } from './selection/prune-options.ts';
export { matchesGlob } from './selection/glob.ts';
export type { PerLayer } from './selection/per-layer.ts';
export type {
  DenseWeightReport,
  PruneReport,
  PrunedWeightReport,
  ReconstructionReport,
  WeightReport,
  WeightReportBase,
} from './prune-report.ts';
export type { LatencyModel, LatencySource } from './search/latency-model.ts';
export { sampleKey, type LayerSample, type LayerShape, type WeightPruning } from './search/layer-sample.ts';
export { sampleNetwork } from './search/sample-network.ts';
export {
  chosenBlocks,
  searchBlocks,
  type BlockCandidate,
  type BlockSearch,
  type BlockSearchOptions,
  type WeightBlocks,
} from './search/search-blocks.ts';
export {
  measureSensitivity,
  type RatePoint,
  type Sensitivity,
  type SensitivityOptions,
  type WeightSensitivity,
} from './search/measure-sensitivity.ts';
export type { Costs } from './search/network-costs.ts';
export {
  chooseRates,
  leastCost,
  chosenRates,
  type RateChoice,
  type RateTarget,
  type WeightRate,
} from './search/choose-rates.ts';
export { tradeOff } from './search/trade-off.ts';
