export * from './types.ts';
export * from './expressions.ts';
export { distinctKernels } from './distinct-kernels.ts';
export { mapOperands } from './map-operands.ts';
export { operandsOf } from './operands-of.ts';
export { statementsIn, valuesOf } from './statement-parts.ts';
export { holdsPointer, pointerVariables, type PointerVariables } from './pointer-variables.ts';
export { KernelBuilder, type LoopBounds, type Variable } from './kernel-builder.ts';
export {
  interpretKernel,
  type BufferPointer,
  type ExternalFunction,
  type InterpreterObserver,
  type InterpreterOptions,
} from './interpret.ts';
export { fromHalves, LARGEST_HALF, roundToHalf, SMALLEST_NORMAL_HALF, toHalves } from './half.ts';
export { elementBytes, isFloat, isVector, valueTypes, type ValueTypeFacts } from './value-types.ts';
export { halfUse, programHalfUse, type HalfUse } from './half-use.ts';
