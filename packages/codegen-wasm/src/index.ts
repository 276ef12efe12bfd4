export { assemble } from './assemble.ts';
export { relaxedSimd, strictSimd, type WasmCapabilities } from './capabilities.ts';
export { compileGraph, type CompileOptions } from './compile-graph.ts';
export { compileProgram, type VariantOptions } from './compile-program.ts';
export { renderKernel } from './render-kernel.ts';
export { renderModule } from './render-module.ts';
