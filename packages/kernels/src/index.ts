export * from './kernel-ir/index.ts';
export { lowerKernel, type KernelFamily } from './families/family.ts';
export {
  scatteredScratchRows,
  spmv,
  type ColumnLists,
  type ColumnRuns,
  type SpmvProblem,
  type SpmvSchedule,
} from './families/spmv.ts';
export { depthwise, type DepthwiseProblem } from './families/depthwise.ts';
export { elementwise, type ElementwiseExpression, type ElementwiseProblem } from './families/elementwise.ts';
export { foldWindows, type FoldWindowsProblem } from './families/fold-windows.ts';
export { gruGates, type GruGatesProblem } from './families/gru-gates.ts';
export { lstmGates, type LstmGatesProblem } from './families/lstm-gates.ts';
export { reduce, type ReduceProblem } from './families/reduce.ts';
export { spmm, type SpmmProblem, type SpmmSchedule } from './families/spmm.ts';
export { interpretProgram, type ProgramInterpreter } from './lowering/interpret-program.ts';
export { lowerGraph } from './lowering/lower-graph.ts';
export type { Program, ProgramCall } from './lowering/program.ts';
