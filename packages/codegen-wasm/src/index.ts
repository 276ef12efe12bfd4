export { assemble } from './assemble.ts';
export { compileGraph } from './compile-graph.ts';
export { renderKernel } from './render-kernel.ts';
export { renderModule } from './render-module.ts';
