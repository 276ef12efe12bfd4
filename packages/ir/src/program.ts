/**
 * The part of `@grim/ir` that a runtime needs: it reads compiled models and leaves the schema of graphs, the
 * operators and the passes out of the bundle.
 */
export { threadControlBytes } from './container/limits.ts';
export { readProgram } from './container/read-program.ts';
export type { CompiledProgram } from './container/artefact.ts';
export { GrimError, withContext, type ErrorContext } from './errors.ts';
export type { Plan, PlannedCall, PlannedThreads, Port, StatePort, StridedView } from './plan.ts';
export { elementCount, formatShape, type Shape, type Tensor } from './tensor.ts';
