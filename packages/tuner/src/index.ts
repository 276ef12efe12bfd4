export {
  runInspect,
  type InspectOptions,
  type InspectResult,
  type InspectTotals,
  type CompiledReport,
} from './inspect/run-inspect.ts';
export type { EstimatedCall, LayerReport, MatrixReport } from './inspect/layer-report.ts';
export type { PruneOptions } from './prune/prune-options.ts';
export { runPrune, type PruneResult } from './prune/run-prune.ts';
export type { PruneSettings } from './prune/prune-settings.ts';
export { compiledEvaluators } from './prune/compiled-evaluators.ts';
export type { OpenPruneSettings } from './prune/search-pruning.ts';
export type { SearchReport } from './prune/search-report.ts';
export type { SearchSettings } from './prune/search-settings.ts';
export type { BindingSettings } from './bindings/binding-settings.ts';
export {
  runCompile,
  type CompileOptions,
  type CompileResult,
  type CompileResultOf,
} from './compile/run-compile.ts';
export type { WasmCompileOptions, WasmCompileResult } from './compile/compile-wasm.ts';
export type { ProjectOptions, ProjectResult } from './compile/project-options.ts';
export type { NeonCompileOptions, NeonCompileResult } from './compile/compile-neon.ts';
export type { OpenclCompileOptions, OpenclCompileResult } from './compile/compile-opencl.ts';
export { runModel, type ArrayReport, type RunOptions, type RunResult } from './run/run-model.ts';
export type { ArraySummary } from './run/summarise.ts';
export {
  runBench,
  type BenchOptions,
  type BenchRatio,
  type BenchResult,
  type BenchSide,
} from './bench/run-bench.ts';
export type { CallTiming } from './bench/measure-calls.ts';
export type { Environment } from './bench/environment.ts';
export { runVerify, type VerifyOptions, type VerifyResult } from './verify/run-verify.ts';
export type { ValueReport } from './verify/comparison-log.ts';
export type { Difference } from './verify/compare-values.ts';
export type { OnnxRuntimeName } from './reference/onnxruntime.ts';
export type { ExecutionSettings } from './model/execution-settings.ts';
export type { ImportSettings } from './model/import-settings.ts';
export type { Progress, ProgressListener } from './progress.ts';
export type { CallReport } from './reports/call-report.ts';
export type { EstimateReport } from './reports/estimate-report.ts';
export type { ExecutionReport } from './reports/execution-report.ts';
export type { LayerPadding } from './reports/layer-paddings.ts';
export type { PortReport } from './reports/port-report.ts';
export type { WeightBytes } from './reports/weight-bytes.ts';
export { readNpy } from './files/npy/read-npy.ts';
export { writeNpy } from './files/npy/write-npy.ts';
export { estimatedLatency } from './latency/estimated-latency.ts';
export { defaultMachineRates, type MachineRates } from './latency/machine-rates.ts';
export { memoryCache, openLatencyCache, type LatencyCache } from './latency/latency-cache.ts';
export { measuredLatency, type MeasuredLatencyOptions } from './latency/measured-latency.ts';
export type { LatencyKind } from './latency/open-latency-model.ts';
export { maskPicture, type PrunedMatrix } from './plots/mask-picture.ts';
export { sensitivityPlot } from './plots/sensitivity-plot.ts';
export { tradeOffPlot, type TradeOffPoint, type TradeOffTable } from './plots/trade-off-plot.ts';
