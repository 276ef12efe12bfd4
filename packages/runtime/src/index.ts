export type { CodeVariant } from './choose-variant.ts';
export { loadModel, type LoadOptions } from './load-model.ts';
export type { Model, PortInfo } from './model.ts';
export type { ModelSource } from './read-source.ts';
export { requirePorts, type ExpectedPorts } from './require-ports.ts';
export type { Session } from './session.ts';
export type { ShapedArray } from './shaped-array.ts';
export type { ThreadInfo } from './start-threads.ts';
export {
  GrimError,
  type ErrorContext,
  type Plan,
  type PlannedCall,
  type Port,
  type Shape,
  type StatePort,
  type StridedView,
  type Tensor,
} from '@grim/ir/program';
