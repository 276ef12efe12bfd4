export * from './types.ts';
export * from './expressions.ts';
export { KernelBuilder, type LoopBounds, type Variable } from './kernel-builder.ts';
export { interpretKernel, type BufferPointer } from './interpret.ts';
