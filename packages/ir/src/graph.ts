import type { WeightSpec } from './layer-spec.ts';
import type { Operator } from './operators/operator.ts';
import type { Shape, Tensor } from './tensor.ts';

/** A named input of the whole model. */
export interface GraphInput {
  readonly name: string;
  readonly shape: Shape;
}

/** A named output of the whole model and the value that it shows. */
export interface GraphOutput {
  readonly name: string;
  readonly value: string;
}

/**
 * Recurrent state: a value that one run leaves for the next.
 *
 * Nodes read it under the name `input`; after the last node the value `output` (same shape) replaces it.
 */
export interface State {
  readonly name: string;
  readonly shape: Shape;
  /** Value name under which nodes read the state of the previous run. */
  readonly input: string;
  /** Value that becomes the state of the next run. */
  readonly output: string;
  /** State before the first run, `elementCount(shape)` values; zeros when absent. */
  readonly initial?: Float32Array;
}

/** One operator applied to named values. */
export interface Node {
  /** Unique in the graph; errors and tables use it. */
  readonly name: string;
  readonly op: Operator;
  /** Value names by position; `null` where an optional operand is absent. */
  readonly inputs: readonly (string | null)[];
  readonly outputs: readonly string[];
  /** Layerwise representation of the node's weight operands; absent means dense with default schedules. */
  readonly weights?: readonly WeightSpec[];
}

/** A network: 32-bit float values, static shapes, nodes in the order they run. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly GraphOutput[];
  readonly states: readonly State[];
  /** Weights and other constants by value name. */
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly nodes: readonly Node[];
}
