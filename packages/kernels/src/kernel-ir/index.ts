export * from './types.ts';
export * from './expressions.ts';
export { operandsOf } from './operands-of.ts';
export { KernelBuilder, type LoopBounds, type Variable } from './kernel-builder.ts';
export { interpretKernel, type BufferPointer, type InterpreterObserver } from './interpret.ts';
