import type { NodeContext } from '../evaluation/node-context.ts';
import type { Value } from '../value.ts';

/**
 * Gives the results of an ONNX node by position: constants as far as they are known, otherwise values of the nodes it
 * adds to the graph. It reads every attribute that it honours, and throws a `GrimError` for what it cannot.
 */
export type OperatorImporter = (node: NodeContext) => readonly (Value | undefined)[];
