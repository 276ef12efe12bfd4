export * from './kernel-ir/index.ts';
export {
  lowerKernel,
  type KernelContents,
  type KernelFamily,
  type PartStarts,
  type SharedLoop,
  type SharedLoops,
} from './families/family.ts';
export type { GridCall, GridChoice, GridLimits, GridTarget, InputPlacement } from './grid/grid-choice.ts';
export { gridKernel, type GridKernel, type GridOptions } from './grid/grid-kernel.ts';
export { startsBuffer } from './grid/moves.ts';
export { stagedBytes } from './grid/staged-buffers.ts';
export type { ScheduleChoice, ScheduleDescription } from './families/schedule-description.ts';
export { emitActivation } from './math/activation.ts';
export { scheduleOfName } from './families/schedule-of-name.ts';
export { scatteredScratchRows } from './families/spmv/lower-scattered.ts';
export { spmv } from './families/spmv/spmv.ts';
export type { ColumnLists, ColumnRuns, SpmvProblem, SpmvSchedule } from './families/spmv/spmv-problem.ts';
export { csrSpmv, type CsrSpmvProblem, type CsrSpmvSchedule } from './families/csr-spmv.ts';
export { depthwise, type DepthwiseProblem } from './families/depthwise.ts';
export { depthwise2d, type Depthwise2dProblem, type Depthwise2dSchedule } from './families/depthwise2d.ts';
export { elementwise, type ElementwiseExpression, type ElementwiseProblem } from './families/elementwise.ts';
export { foldWindows, type FoldWindowsProblem } from './families/fold-windows.ts';
export { gruGates, type GruGatesProblem } from './families/gru-gates.ts';
export { layerNorm, type LayerNormProblem } from './families/layer-norm.ts';
export { lstmGates, type LstmGatesProblem } from './families/lstm-gates.ts';
export { pool, type PoolProblem, type PoolSchedule } from './families/pool.ts';
export { reduce, type ReduceProblem } from './families/reduce.ts';
export { resize } from './families/resize/resize.ts';
export type { ResizeProblem, ResizeSampling, ResizeSchedule } from './families/resize/resize-problem.ts';
export { softmax, type SoftmaxProblem } from './families/softmax.ts';
export { spmm, spmmScratch } from './families/spmm/spmm.ts';
export type { AllColumns, SpmmProblem, SpmmSchedule, StripColumns } from './families/spmm/spmm-problem.ts';
export { leastTarget, workItemTarget, type KernelTarget } from './target.ts';
export { estimateKernel } from './estimates/estimate-kernel.ts';
export { estimateProgram } from './estimates/estimate-program.ts';
export type { CallEstimate, KernelEstimate, OperationCounts, Traffic } from './estimates/kernel-estimate.ts';
export { interpretProgram, type ProgramInterpreter } from './lowering/interpret-program.ts';
export { packCsrSpmv, type PackedCsrSpmv } from './lowering/pack-csr-spmv.ts';
export { lowerGraph } from './lowering/lower-graph.ts';
export type { Program, ProgramCall } from './lowering/program.ts';
export { kernelFamilies } from './registry/kernel-families.ts';
export { sampleGrids, sampleHalfKernels, sampleKernels } from './registry/sample-kernels.ts';
export {
  elementsIn,
  UNWRITTEN,
  type BufferContents,
  type FamilyRow,
  type KernelBenchmark,
  type KernelCase,
} from './registry/kernel-case.ts';
