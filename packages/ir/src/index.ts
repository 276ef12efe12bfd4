export { GrimError, withContext, type ErrorContext } from './errors.ts';
export {
  elementCount,
  formatShape,
  rowMajorStrides,
  sameShape,
  zeros,
  type Shape,
  type Tensor,
} from './tensor.ts';
export type { BcrSpec, ScheduleRecord, WeightSpec } from './layer-spec.ts';
export type { Graph, GraphInput, GraphOutput, Node, State } from './graph.ts';
export type { Plan, PlannedCall, PlannedThreads, Port, StatePort, StridedView } from './plan.ts';
export type { Operator, OperatorDefinition, WeightMatrix } from './operators/operator.ts';
export { evaluateActivation, type Activation, type UnaryFunction } from './operators/activation.ts';
export type { ConvOperator } from './operators/conv.ts';
export {
  maximumCustomRank,
  type CustomAttribute,
  type CustomImplementation,
  type CustomOperator,
} from './operators/custom.ts';
export type { FoldWindowsOperator } from './operators/fold-windows.ts';
export type { LstmOperator } from './operators/lstm.ts';
export type { GruOperator } from './operators/gru.ts';
export type { LayerNormOperator } from './operators/layer-norm.ts';
export type { LinearOperator } from './operators/linear.ts';
export type { UnaryOperator } from './operators/unary.ts';
export type { BinaryFunction, BinaryOperator } from './operators/binary.ts';
export type { ConcatOperator } from './operators/concat.ts';
export type { SoftmaxOperator } from './operators/softmax.ts';
export type { SliceOperator } from './operators/slice.ts';
export type { PadOperator } from './operators/pad.ts';
export type { PoolFunction, PoolOperator } from './operators/pool.ts';
export type { ReshapeOperator } from './operators/reshape.ts';
export type { ResizeCoordinates, ResizeInterpolation, ResizeOperator } from './operators/resize.ts';
export { resizeTaps, type ResizeTap } from './operators/resize-taps.ts';
export type { TransposeOperator } from './operators/transpose.ts';
export type { ReduceFunction, ReduceOperator } from './operators/reduce.ts';
export {
  operatorDefinition,
  operatorKinds,
  type OperatorKind,
  type OperatorOf,
} from './operators/registry.ts';
export { broadcastShapes } from './operators/broadcast.ts';
export { inferShapes, maximumElements } from './infer-shapes.ts';
export { validateGraph } from './validate.ts';
export { evaluateGraph, type Evaluation, type EvaluationOptions } from './evaluate.ts';
export { describeLayers, type LayerDescription, type MatrixDescription } from './describe-layers.ts';
export type { Artefact, CompiledProgram, MatrixCodec, Provenance } from './container/artefact.ts';
export { crc32 } from './container/crc32.ts';
export { maximumThreads, threadControlBytes } from './container/limits.ts';
export { readArtefact, type ReadOptions } from './container/read-artefact.ts';
export { readProgram } from './container/read-program.ts';
export { writeArtefact, type WriteOptions } from './container/write-artefact.ts';
export type { Pass } from './passes/pass.ts';
export { applyPasses, standardPasses } from './passes/standard-passes.ts';
export { canonicaliseArithmetic } from './passes/canonicalise-arithmetic.ts';
export { foldConstants } from './passes/fold-constants.ts';
export { foldSymmetricFilters } from './passes/fold-symmetric-filters.ts';
export { fuseActivations } from './passes/fuse-activations.ts';
export { removeDeadNodes } from './passes/remove-dead-nodes.ts';
export { reshapeStates } from './passes/reshape-states.ts';
export { simplifyReshapes } from './passes/simplify-reshapes.ts';
export { splitStates } from './passes/split-states.ts';
export { trimPaddedTaps } from './passes/trim-padded-taps.ts';
